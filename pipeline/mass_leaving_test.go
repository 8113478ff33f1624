package pipeline

import (
	"fmt"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow/array"

	"m365lake/extract"
	"m365lake/schemas"
	"m365lake/transform/products"
)

const officeSKU = "05e9a617-0261-4cee-bb44-138d3ef5d965"

// numbered is a page of as many objects, from an object with a place for an id and a number.
func numbered(from, to int, object string) string {
	var objects []string
	for i := from; i < to; i++ {
		objects = append(objects, fmt.Sprintf(object, fmt.Sprintf("%08d-0000-4000-8000-000000000001", i), i))
	}
	return `{"value":[` + strings.Join(objects, ",") + "]}\n"
}

// listUsersOf reads the users of a night into the lake: the first listed ones of a company, of whom those up to deleted
// are in the bin, and products of which units are consumed. It returns why they were not believed, and how many of the
// users of the lake are deleted.
func listUsersOf(t *testing.T, data string, listed, deleted, units int) (gap error, gone int) {
	t.Helper()
	run, pulled := rawFilesIn(t, data, map[string]string{
		extract.Users: numbered(0, listed, `{"id":"%s","userPrincipalName":"u%d@x","accountEnabled":true,`+
			`"licenseAssignmentStates":[],"assignedLicenses":[{"skuId":"`+officeSKU+`"}]}`),
		extract.DeletedUsers: numbered(listed, deleted, `{"id":"%s","userPrincipalName":"u%d@x",`+
			`"deletedDateTime":"2026-01-14T10:00:00Z"}`),
		extract.SubscribedSKUs: fmt.Sprintf(`{"value":[{"id":"a","skuId":"%s","skuPartNumber":"SPE_E3",`+
			`"appliesTo":"User","consumedUnits":%d,"prepaidUnits":{"enabled":30},"servicePlans":[]}]}`+"\n",
			officeSKU, units),
	})
	run.Config.MaxListingShrinkPercent, run.products = 20, products.Embedded()
	var err error
	if run.listed, err = run.listLake(t.Context()); err != nil {
		t.Fatal(err)
	}
	made := newTenantTransform(run, pulled)
	made.previous = made.stored(t.Context(), &schemas.Users)
	for _, part := range []func() error{
		func() error { return made.survey(t.Context()) }, func() error { return made.skus(t.Context()) },
		func() error { return made.listUsers(t.Context()) },
	} {
		if err := part(); err != nil {
			t.Fatal(err)
		}
	}
	for batch, err := range made.previous() {
		if err != nil {
			t.Fatal(err)
		}
		day := batch.Column(schemas.Users.Column("deleted_at")).(*array.Date32)
		gone += day.Len() - day.NullN()
	}
	return made.pulled[extract.Users].Err, gone
}

// People who leave in a crowd are believed when they are among the deleted users, and only then.
func TestMassLeaving(t *testing.T) {
	data := t.TempDir()
	if gap, gone := listUsersOf(t, data, 30, 30, 30); gap != nil || gone != 0 {
		t.Fatal(gap, gone)
	}
	gap, gone := listUsersOf(t, data, 3, 3, 30)
	if gap == nil || gone != 0 || !strings.Contains(gap.Error(), "27 are missing, 0 of them are among the deleted users") {
		t.Errorf("%d deleted, %v", gone, gap)
	}
	if gap, gone = listUsersOf(t, data, 3, 30, 3); gap != nil || gone != 27 {
		t.Errorf("%d deleted, %v", gone, gap)
	}
	// They are gone, and no longer asked after.
	if gap, gone = listUsersOf(t, data, 3, 3, 3); gap != nil || gone != 27 {
		t.Errorf("%d deleted, %v", gone, gap)
	}
}
