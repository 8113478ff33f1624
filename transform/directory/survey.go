package directory

import (
	"io"
	"strings"
	"time"

	"m365lake/internal/ids"
	"m365lake/transform/userindex"
)

// A UserSurvey is what a first look at a listing of the users tells, before anything is made of it: what must be known
// to read it, and what it says about the other listings of the run.
type UserSurvey struct {
	Aside    SetAside         // accounts that share a sign-in name with a newer one
	Users    int64            // in the listing; one who is listed twice counts twice
	Products map[string]int64 // how many users hold each product, by SKU id in lower case
	Groups   map[string]int64 // how many licences each group gives, by group id in lower case
}

// Held is how many products users hold: one for each user and product.
func (s UserSurvey) Held() (held int64) {
	for _, users := range s.Products {
		held += users
	}
	return held
}

// SurveyUsers reads the raw file of /users. Its errors are those of reading it.
func SurveyUsers(r io.Reader) (UserSurvey, error) {
	type account struct {
		ID                      string            `json:"id"`
		UserPrincipalName       string            `json:"userPrincipalName"`
		CreatedDateTime         *time.Time        `json:"createdDateTime"`
		AssignedLicenses        []graphLicense    `json:"assignedLicenses"`
		LicenseAssignmentStates []graphAssignment `json:"licenseAssignmentStates"`
	}
	names := namesakes{map[userindex.NameHash]nameHolder{}, SetAside{}}
	survey := UserSurvey{Aside: names.aside, Products: map[string]int64{}, Groups: map[string]int64{}}
	for a, err := range values[account](r, "users") {
		if err != nil {
			return UserSurvey{}, err
		}
		survey.Users++
		for _, l := range a.AssignedLicenses {
			survey.Products[strings.ToLower(l.SKUID)]++
		}
		for _, s := range a.LicenseAssignmentStates {
			if group := nullIfBlank(s.AssignedByGroup); group != nil {
				survey.Groups[strings.ToLower(*group)]++
			}
		}
		if id, err := ids.ParseGUID(a.ID); err == nil && a.UserPrincipalName != "" { // Users says what is wrong
			names.seeAccount(id, a.UserPrincipalName, a.CreatedDateTime)
		}
	}
	return survey, nil
}

// A ProductSurvey is what a first look at a listing of the products tells about the other listings of the run.
type ProductSurvey struct {
	Products      map[string]bool // listed, by SKU id in lower case
	Consumed      int64           // units of products that are for users
	Subscriptions map[string]bool // through which they were bought, by id in lower case
}

// SurveyProducts reads the raw file of /subscribedSkus. Its errors are those of reading it.
func SurveyProducts(r io.Reader) (ProductSurvey, error) {
	type product struct {
		SKUID           string   `json:"skuId"`
		AppliesTo       string   `json:"appliesTo"`
		ConsumedUnits   int64    `json:"consumedUnits"`
		SubscriptionIDs []string `json:"subscriptionIds"`
	}
	survey := ProductSurvey{Products: map[string]bool{}, Subscriptions: map[string]bool{}}
	for p, err := range values[product](r, "subscribed_skus") {
		if err != nil {
			return ProductSurvey{}, err
		}
		survey.Products[strings.ToLower(p.SKUID)] = true
		if p.AppliesTo != "Company" {
			survey.Consumed += p.ConsumedUnits
		}
		for _, id := range p.SubscriptionIDs {
			survey.Subscriptions[strings.ToLower(id)] = true
		}
	}
	return survey, nil
}

// A SubscriptionSurvey is what a first look at a listing of the subscriptions tells about the listing of the products.
type SubscriptionSurvey struct {
	Enabled map[string]bool // products of subscriptions that are enabled, by SKU id in lower case
}

// SurveySubscriptions reads the raw file of /directory/subscriptions. Its errors are those of reading it.
func SurveySubscriptions(r io.Reader) (SubscriptionSurvey, error) {
	type subscription struct {
		SKUID  string `json:"skuId"`
		Status string `json:"status"`
	}
	survey := SubscriptionSurvey{Enabled: map[string]bool{}}
	for s, err := range values[subscription](r, "subscriptions") {
		if err != nil {
			return SubscriptionSurvey{}, err
		}
		if s.Status == "Enabled" {
			survey.Enabled[strings.ToLower(s.SKUID)] = true
		}
	}
	return survey, nil
}
