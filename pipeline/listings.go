package pipeline

import (
	"context"
	"io"

	"github.com/apache/arrow-go/v18/arrow/array"

	"m365lake/extract"
	"m365lake/pipeline/verdict"
	"m365lake/schemas"
	"m365lake/transform/directory"
)

// The listings of the directory are witnesses of each other: what one of them lacks against the last run is believed
// only when another says so too (verdict.Listing). They are surveyed before anything is made of them.

// surveys are what a first look at the listings of the directory told. What could not be read is nil.
type surveys struct {
	users         *directory.UserSurvey
	products      *directory.ProductSurvey
	subscriptions *directory.SubscriptionSurvey

	usersErr error // why the users could not be surveyed, which is why they cannot be read either
}

// survey takes a first look at the listings. What is wrong with one is told where its table is made.
func (t *tenantTransform) survey(context.Context) error {
	var err error
	if t.surveys.users, err = surveyOf(t, extract.Users, directory.SurveyUsers); err != nil {
		if localFault(err) {
			return err
		}
		t.surveys.usersErr = err
	}
	if t.surveys.products, err = surveyOf(t, extract.SubscribedSKUs, directory.SurveyProducts); localFault(err) {
		return err
	}
	t.surveys.subscriptions, err = surveyOf(t, extract.Subscriptions, directory.SurveySubscriptions)
	if localFault(err) {
		return err
	}
	return nil
}

// surveyOf surveys one listing. It returns nil for one that was not pulled.
func surveyOf[T any](t *tenantTransform, source string, survey func(io.Reader) (T, error)) (*T, error) {
	result, asked := t.pulled[source]
	if !asked || result.Err != nil {
		return nil, nil //nolint:nilnil,nilerr // nothing to survey; why was recorded when it was pulled
	}
	var surveyed T
	_, err := t.open(result.Source, func(r io.Reader) (_ int64, err error) {
		surveyed, err = survey(directory.NewListing(r, source))
		return 0, err
	})
	if err != nil {
		return nil, err
	}
	return &surveyed, nil
}

// judgedStream ends a stream in an error, so that none of it is published, when its rows are not to be believed. judge
// is called when the stream has ended well, with how many rows it had of each table.
func judgedStream(stream batches, judge func(rows map[string]int64) error) batches {
	return func(yield func(schemas.Batch, error) bool) {
		rows := map[string]int64{}
		for batch, err := range stream {
			if err == nil {
				rows[batch.Table.Name] += batch.Rows.NumRows()
			}
			if !yield(batch, err) || err != nil {
				return
			}
		}
		if err := judge(rows); err != nil {
			yield(schemas.Batch{}, err)
		}
	}
}

// judgeUsers says whether the listing of the users that was just read is to be believed.
func (t *tenantTransform) judgeUsers(
	deleted directory.Deleted, aside directory.SetAside, rows map[string]int64,
) error {
	listing := verdict.UserListing{
		Listed: int64(t.index.Listed()), Counted: t.pulled[extract.Users].Entry.Counted,
		Held: rows[schemas.LicenseAssignments.Name],
	}
	listing.Listed += int64(len(aside))
	if t.surveys.products != nil {
		listing.Consumed = t.surveys.products.Consumed
	}
	var err error
	if listing.HeldThen, err = t.listed.newestRows(&schemas.LicenseAssignments); err != nil {
		return err
	}
	ids, keys := schemas.Users.Column("user_id"), schemas.Users.Column("user_key")
	deletedAt := schemas.Users.Column("deleted_at")
	for batch, err := range t.previous() {
		if err != nil {
			return err
		}
		for i := range int(batch.NumRows()) {
			if batch.Column(deletedAt).IsValid(i) {
				continue
			}
			listing.Before++
			id := batch.Column(ids).(*array.String).Value(i)
			if _, listed := aside[id]; listed || t.index.People[batch.Column(keys).(*array.Int32).Value(i)].Listed {
				continue
			}
			listing.Missing++
			if _, told := deleted[id]; told {
				listing.Deleted++
			}
		}
	}
	return listing.Gap(t.Config.MaxListingShrinkPercent)
}

// judgeListing says whether a listing of which the lake has the rows of one table is to be believed. before is how many
// the one before had.
func (t *tenantTransform) judgeListing(listing verdict.Listing, before int64, err error) error {
	if err != nil {
		return err
	}
	listing.Before = before
	return listing.Gap(t.Config.MaxListingShrinkPercent)
}

// judgeProducts says whether the listing of the products is to be believed.
func (t *tenantTransform) judgeProducts(rows map[string]int64) error {
	listing := verdict.Listing{
		Source: extract.SubscribedSKUs, Things: "products", Listed: rows[schemas.SKUs.Name],
		Witness: "the licences of users or in enabled subscriptions",
	}
	if t.surveys.users != nil && t.surveys.products != nil {
		lacking := map[string]bool{}
		for id := range t.surveys.users.Products {
			lacking[id] = !t.surveys.products.Products[id]
		}
		if t.surveys.subscriptions != nil {
			for id := range t.surveys.subscriptions.Enabled {
				lacking[id] = !t.surveys.products.Products[id]
			}
		}
		listing.Unlisted = new(int64)
		for _, lacks := range lacking {
			if lacks {
				*listing.Unlisted++
			}
		}
	}
	before, err := t.listed.newestRows(&schemas.SKUs)
	return t.judgeListing(listing, before, err)
}

// judgeSubscriptions says whether the listing of the subscriptions is to be believed. Without any, nobody can use a
// product.
func (t *tenantTransform) judgeSubscriptions(rows map[string]int64) error {
	listing := verdict.Listing{
		Source: extract.Subscriptions, Things: "subscriptions", Listed: rows[schemas.Subscriptions.Name],
		Witness: "the listing of the products",
	}
	if products := t.surveys.products; products != nil {
		lacking := max(0, int64(len(products.Subscriptions))-listing.Listed)
		// The listing of the products may be as short as this one, so the users are asked as well.
		held := products.Consumed > 0 || t.surveys.users != nil && t.surveys.users.Held() > 0
		if listing.Listed == 0 && lacking == 0 && held {
			lacking, listing.Witness = 1, "use: products have units that users hold"
		}
		listing.Unlisted = &lacking
	}
	before, err := t.listed.newestRows(&schemas.Subscriptions)
	return t.judgeListing(listing, before, err)
}

// judgeGroups says whether the listing of the groups that grant licences is to be believed.
func (t *tenantTransform) judgeGroups(rows map[string]int64) error {
	listing := verdict.Listing{
		Source: extract.LicenseGroups, Things: "groups", Listed: rows[schemas.LicenseGroups.Name],
		Witness: "the licences of users; where GroupMember.Read.All shows no licences of groups, Group.Read.All does",
	}
	if t.surveys.users != nil {
		lacking := max(0, int64(len(t.surveys.users.Groups))-listing.Listed)
		listing.Unlisted = &lacking
	}
	before, err := t.listed.newestRows(&schemas.LicenseGroups)
	return t.judgeListing(listing, before, err)
}

// judgeRoles says whether the listing of the role assignments is to be believed. Nothing else tells who holds roles;
// but who is no longer in the directory holds none.
func (t *tenantTransform) judgeRoles(ctx context.Context, rows map[string]int64) error {
	listing := verdict.Listing{
		Source: extract.RoleAssignments, Things: "roles held by users", Listed: rows[schemas.UserRoles.Name],
	}
	var before int64
	key := schemas.UserRoles.Column("user_key")
	for batch, err := range t.stored(ctx, &schemas.UserRoles)() {
		if err != nil {
			return err
		}
		for _, holder := range batch.Column(key).(*array.Int32).Int32Values() {
			if int(holder) < len(t.index.People) && t.index.People[holder].Listed {
				before++
			}
		}
	}
	return t.judgeListing(listing, before, nil)
}
