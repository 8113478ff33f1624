package warehouse

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"m365lake/load/lake"
	"m365lake/load/lake/laketest"
)

func TestFailedChecks(t *testing.T) {
	tests := map[string]struct {
		change  func(house)
		failure CheckFailure
	}{
		"sql": {
			func(h house) { h.writeFacts(laketest.TenantA, "2026-05-02", "x", -1, -2) },
			CheckFailure{
				"actions_positive",
				"Nobody acts a negative number of times; for example tenant_id = " + laketest.TenantA +
					", day = 2026-05-02, actions = -2",
				2,
			},
		},
		"key within a file": {
			func(h house) {
				h.write(
					laketest.Facts,
					laketest.TenantA,
					[]string{"2026-05-02", "x"},
					[]any{laketest.TenantA, laketest.Date("2026-05-02"), "x", "a", nil, nil},
					[]any{laketest.TenantA, laketest.Date("2026-05-02"), "x", "a", nil, int64(1)},
				)
			},
			CheckFailure{
				"facts_key_unique",
				"tenant_id, day, app, user_key must identify one row; for example tenant_id = " + laketest.TenantA +
					", day = 2026-05-02, app = a, user_key = NULL, row_count = 2",
				1,
			},
		},
		"key across files of which one is old": {
			func(h house) {
				h.write(
					laketest.Facts,
					laketest.TenantA,
					[]string{"2026-05-01", "y"},
					[]any{laketest.TenantA, laketest.Date("2026-05-01"), "y", "x app", int32(1), nil},
				)
			},
			CheckFailure{
				"facts_key_unique",
				"tenant_id, day, app, user_key must identify one row; for example tenant_id = " + laketest.TenantA +
					", day = 2026-05-01, app = x app, user_key = 1, row_count = 2",
				1,
			},
		},
		"unknown user": {
			func(h house) { h.writeFacts(laketest.TenantA, "2026-05-02", "x", 1, 1, 1, 1) },
			CheckFailure{
				"facts_user_key_known",
				"user_key must be one of the tenant's users; for example tenant_id = " + laketest.TenantA +
					", day = 2026-05-02, report = x, app = x app, user_key = 2, actions = 1",
				2,
			},
		},
		"user of another tenant": {
			func(h house) { h.writeFacts(laketest.TenantB, "2026-05-02", "x", 1) },
			CheckFailure{
				"facts_user_key_known",
				"user_key must be one of the tenant's users; for example tenant_id = " + laketest.TenantB +
					", day = 2026-05-02, report = x, app = x app, user_key = 0, actions = 1",
				1,
			},
		},
		"user gone from under old facts": {
			func(h house) { h.writeUsers(laketest.TenantA, "Ann") },
			CheckFailure{
				"facts_user_key_known",
				"user_key must be one of the tenant's users; for example tenant_id = " + laketest.TenantA +
					", day = 2026-05-01, report = x, app = x app, user_key = 1, actions = 2",
				1,
			},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			h.writeUsers(laketest.TenantA, "Ann", "Bob")
			h.writeFacts(laketest.TenantA, "2026-05-01", "x", 1, 2)
			h.run()
			test.change(h)
			err := h.fails("check "+test.failure.Check, "the warehouse was not replaced")
			var failed *CheckError
			if !errors.As(err, &failed) {
				t.Fatalf("error is %T", err)
			}
			for i := range failed.Failures { // which of several rows is shown is left to DuckDB
				if strings.HasSuffix(failed.Failures[i].Detail, "user_key = 3, actions = 1") {
					failed.Failures[i].Detail = strings.Replace(
						failed.Failures[i].Detail,
						"user_key = 3",
						"user_key = 2",
						1,
					)
				}
			}
			if diff := cmp.Diff([]CheckFailure{test.failure}, failed.Failures); diff != "" {
				t.Error(diff)
			}
			if _, err := h.Rebuild(t.Context()); !errors.As(err, &failed) {
				t.Errorf("a rebuild finds %v", err)
			}
		})
	}
}

// TestRegions checks the keys of many rows portion by portion.
func TestRegions(t *testing.T) {
	c := change{table: laketest.Facts}
	for i := range 6 {
		c.loaded = append(
			c.loaded,
			lake.Stamp{
				Path: lake.PartitionPath(
					laketest.Facts,
					[]string{laketest.TenantA, fmt.Sprintf("2026-05-%02d", 1+i/2), fmt.Sprint(i)},
				),
			},
		)
		c.rows = append(c.rows, regionRows/2-1)
	}
	regions, err := c.regions([]string{"tenant_id", "day"})
	want := [][][]string{
		{{laketest.TenantA, "2026-05-01"}},
		{{laketest.TenantA, "2026-05-02"}},
		{{laketest.TenantA, "2026-05-03"}},
	}
	if diff := cmp.Diff(want, regions); err != nil || diff != "" {
		t.Error(err, diff)
	}
}
