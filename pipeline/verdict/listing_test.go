package verdict

import (
	"strings"
	"testing"
)

func number(n int64) *int64 { return &n }

func TestUserListingGap(t *testing.T) {
	for name, c := range map[string]struct {
		l       UserListing
		percent int
		want    string // in the error; "" is believed
	}{
		"the first listing": {UserListing{Listed: 60, Counted: number(60), Held: 50, Consumed: 50}, 20, ""},
		"the first listing cut short": {UserListing{Listed: 6, Counted: number(60), Held: 5, Consumed: 50}, 20,
			"it has 6 users, the one before had 0; Graph counts 60 users ($count)"},
		"a tenth of yesterday's": {
			UserListing{Listed: 20, Before: 193, Missing: 173, Counted: number(193), Held: 30, HeldThen: 256, Consumed: 256}, 20,
			"it has 20 users, the one before had 193; 173 are missing, 0 of them are among the deleted users; " +
				"Graph counts 193 users ($count); it has 30 licences, the one before had 256, and the products' " +
				"consumedUnits are 256. Nothing is ended"},
		"half, and no count to be had": {
			UserListing{Listed: 96, Before: 192, Missing: 96, Held: 128, HeldThen: 256, Consumed: 256}, 20, "96 are missing"},
		"many left, and are among the deleted": {
			UserListing{Listed: 20, Before: 193, Missing: 173, Deleted: 170, Counted: number(20),
				Held: 30, HeldThen: 256, Consumed: 30}, 20, ""},
		"many left, and nothing counts": {
			UserListing{Listed: 20, Before: 193, Missing: 173, Deleted: 170,
				Held: 30, HeldThen: 256, Consumed: 30}, 20, ""},
		"many were purged: count and units agree": {
			UserListing{Listed: 20, Before: 193, Missing: 173, Counted: number(20),
				Held: 30, HeldThen: 256, Consumed: 30}, 20, ""},
		"the count agrees, the units do not": {
			UserListing{Listed: 20, Before: 193, Missing: 173, Counted: number(20),
				Held: 30, HeldThen: 256, Consumed: 256}, 20, "173 are missing"},
		"the units agree, the count is not known": {
			UserListing{Listed: 20, Before: 193, Missing: 173,
				Held: 30, HeldThen: 256, Consumed: 30}, 20, "173 are missing"},
		"a fifth without a word":           {UserListing{Listed: 80, Before: 100, Missing: 20}, 20, ""},
		"more than a fifth without a word": {UserListing{Listed: 79, Before: 100, Missing: 21}, 20, "21 are missing"},
		"exchanged for as many others": {UserListing{Listed: 100, Before: 100, Missing: 60, Counted: number(100)}, 20,
			"60 are missing"},
		"two of a small tenant":           {UserListing{Listed: 2, Before: 4, Missing: 2}, 20, ""},
		"three of a small tenant":         {UserListing{Listed: 1, Before: 4, Missing: 3}, 20, "3 are missing"},
		"the count is a little ahead":     {UserListing{Listed: 95, Before: 95, Counted: number(100)}, 20, ""},
		"the count lags behind newcomers": {UserListing{Listed: 300, Before: 100, Counted: number(100)}, 20, ""},
		"nobody holds what units count":   {UserListing{Listed: 60, Consumed: 50}, 20, "User.Read.All"},
		"nobody holds a unit or two":      {UserListing{Listed: 60, Consumed: 2}, 20, ""},
		"nobody holds anything":           {UserListing{Listed: 60, Before: 60, HeldThen: 50}, 20, ""},
		"licences taken away": {UserListing{Listed: 60, Before: 60, Held: 10, HeldThen: 50, Consumed: 11}, 20,
			""},
		"licences gone that units count": {UserListing{Listed: 60, Before: 60, Held: 10, HeldThen: 50, Consumed: 50}, 20,
			"it has 10 licences"},
		"units that users never held": {UserListing{Listed: 60, Before: 60, Held: 10, HeldThen: 10, Consumed: 50}, 20,
			""},
		"told to believe": {UserListing{Listed: 1, Before: 193, Missing: 192, Counted: number(193),
			Consumed: 256}, 100, ""},
		"told to believe no loss but spare": {UserListing{Listed: 97, Before: 100, Missing: 3}, 0, "3 are missing"},
	} {
		t.Run(strings.ReplaceAll(name, " ", "_"), func(t *testing.T) { checkGap(t, c.l.Gap(c.percent), c.want) })
	}
}

func TestListingGap(t *testing.T) {
	for name, c := range map[string]struct {
		l       Listing
		percent int
		want    string
	}{
		"the first":                      {Listing{Listed: 12, Unlisted: number(0)}, 20, ""},
		"the first, and nothing to hold": {Listing{Listed: 0, Unlisted: number(0)}, 20, ""},
		"the first, without a witness":   {Listing{Listed: 0}, 20, ""},
		"the first, with most left out": {Listing{Listed: 1, Unlisted: number(11)}, 20, "it has 1 products, the one " +
			"before had 0; 11 that it lacks are in the licences of users"},
		"the first, and old ones are held": {Listing{Listed: 4, Unlisted: number(3)}, 20, ""},
		"empty, and people hold one": {Listing{Before: 1, Unlisted: number(1)}, 20,
			"it has 0 products, the one before had 1"},
		"empty, and nobody holds any":     {Listing{Before: 12, Unlisted: number(0)}, 20, ""},
		"empty, and nobody knows":         {Listing{Before: 12}, 20, "it has 0 products"},
		"one of twelve":                   {Listing{Listed: 1, Before: 12, Unlisted: number(9)}, 20, "it has 1 products"},
		"one of twelve, the rest unused":  {Listing{Listed: 1, Before: 12, Unlisted: number(1)}, 20, ""},
		"one of twelve, and nobody knows": {Listing{Listed: 1, Before: 12}, 20, "it has 1 products"},
		"one less of two":                 {Listing{Listed: 1, Before: 2, Unlisted: number(1)}, 20, ""},
		"many old ones are held for long": {Listing{Listed: 12, Before: 12, Unlisted: number(5)}, 20, ""},
		"told to believe":                 {Listing{Before: 12, Unlisted: number(9)}, 100, ""},
	} {
		c.l.Source, c.l.Things, c.l.Witness = "subscribed_skus", "products", "the licences of users"
		t.Run(strings.ReplaceAll(name, " ", "_"), func(t *testing.T) { checkGap(t, c.l.Gap(c.percent), c.want) })
	}
}

func checkGap(t *testing.T, err error, want string) {
	t.Helper()
	switch {
	case want == "" && err != nil:
		t.Errorf("not believed: %v", err)
	case want != "" && err == nil:
		t.Error("believed")
	case want != "" && !strings.Contains(err.Error(), want):
		t.Errorf("%v\nlacks %s", err, want)
	}
}
