package verdict

import (
	"fmt"
	"strings"
)

// What a listing of the directory lacks against the one before may be gone, or Graph may have sent half of it: both
// look alike. So an absence is believed only when a second witness says so too.

// whole is the share of a listing that may go without a witness where the configuration says that all of it may.
const whole = 100

// mayGo is how many of a listing of this size may be gone without a witness: a share of it, and in a small one,
// where one is a large share, spare ones.
func mayGo(size, spare int64, maxShrinkPercent int) int64 {
	return max(spare, size*int64(maxShrinkPercent)/100)
}

// gapError says that a listing is not believed, and what was known.
func gapError(source string, facts []string) error {
	return fmt.Errorf("%s: the listing is not believed: %s. Nothing is ended from it and the earlier rows are kept; "+
		"run again later. If the listing is right, run once with trust.max_listing_shrink_percent: 100",
		source, strings.Join(facts, "; "))
}

// A UserListing is what is known of a listing of the users when it is judged.
type UserListing struct {
	Listed   int64  // in the listing
	Before   int64  // in the one before; 0 is none
	Missing  int64  // of those before, whom the listing lacks
	Deleted  int64  // of the missing, who are among the deleted users
	Counted  *int64 // how many there are, as Graph counts; nil is unknown
	Held     int64  // licences in the listing
	HeldThen int64  // licences in the listing before
	Consumed int64  // units that the products of the tenant say users hold
}

// spareUsers is how many users, or licences, a small tenant may lose in a night without a witness.
const spareUsers = 2

// Gap is an error when the listing of the users is not to be believed: Graph counts many more; or more are missing than
// maxShrinkPercent of those before that are not among the deleted users, unless both Graph's count and the products'
// consumed units agree with the listing; or many licences are gone that the products still count. At 100 percent every
// listing is believed.
func (l UserListing) Gap(maxShrinkPercent int) error {
	if maxShrinkPercent >= whole {
		return nil
	}
	unexplained := l.Missing - l.Deleted
	facts := []string{fmt.Sprintf("it has %d users, the one before had %d", l.Listed, l.Before)}
	if l.Missing > 0 {
		facts = append(facts, fmt.Sprintf("%d are missing, %d of them are among the deleted users", l.Missing, l.Deleted))
	}
	if l.Counted != nil {
		facts = append(facts, fmt.Sprintf("Graph counts %d users ($count)", *l.Counted))
	}
	facts = append(facts, fmt.Sprintf("it has %d licences, the one before had %d, and the products' consumedUnits are %d",
		l.Held, l.HeldThen, l.Consumed))
	const tenth = 10
	counted := l.Counted != nil && *l.Counted-l.Listed <= mayGo(*l.Counted, spareUsers, tenth)
	consumed := l.Consumed > 0 && l.Consumed-l.Held <= mayGo(l.Consumed, spareUsers, tenth)
	switch {
	case l.Counted != nil && *l.Counted-l.Listed > mayGo(*l.Counted, spareUsers, maxShrinkPercent),
		unexplained > mayGo(l.Before, spareUsers, maxShrinkPercent) && !(counted && consumed),
		l.Held == 0 && l.Consumed > spareUsers:
	case l.HeldThen-l.Held > mayGo(l.HeldThen, spareUsers, maxShrinkPercent) &&
		l.Consumed-l.Held > mayGo(l.Consumed, spareUsers, maxShrinkPercent):
	default:
		return nil
	}
	if l.Held == 0 && l.Consumed > 0 {
		facts = append(facts, "perhaps the application may not read licences: it needs the permission User.Read.All")
	}
	return gapError("users", facts)
}

// A Listing is what is known of another listing of the directory when it is judged.
type Listing struct {
	Source string // as in run_steps
	Things string // what it lists, such as products
	Listed int64  // in the listing
	Before int64  // in the one before, without what is known to be gone; 0 is none

	// Unlisted is how many things the listing lacks that other listings of the run speak of, and Witness says where.
	// It is nil when there is no such listing.
	Unlisted *int64
	Witness  string
}

// spareThings is how many things a short listing may lose in a night without a witness.
const spareThings = 1

// Gap is an error when the listing is not to be believed: it lost more than maxShrinkPercent of the one before, or is
// empty, and no other listing agrees with that; or it is the first one and lacks more than it has. At 100 percent every
// listing is believed.
func (l Listing) Gap(maxShrinkPercent int) error {
	if maxShrinkPercent >= whole {
		return nil
	}
	contradicted := l.Unlisted == nil || *l.Unlisted > spareThings
	lost := l.Before - l.Listed
	switch {
	case l.Listed == 0 && l.Unlisted != nil && *l.Unlisted > 0,
		l.Listed == 0 && l.Unlisted == nil && l.Before > 0,
		lost > mayGo(l.Before, spareThings, maxShrinkPercent) && contradicted,
		l.Before == 0 && l.Unlisted != nil && *l.Unlisted > max(spareThings, l.Listed):
	default:
		return nil
	}
	facts := []string{fmt.Sprintf("it has %d %s, the one before had %d", l.Listed, l.Things, l.Before)}
	if l.Unlisted != nil {
		facts = append(facts, fmt.Sprintf("%d that it lacks are in %s", *l.Unlisted, l.Witness))
	}
	return gapError(l.Source, facts)
}
