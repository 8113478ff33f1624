package faults

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Fault is a failure the sandbox can be told to show.
type Fault struct {
	// Name is as given in Options.Faults. A fault of one report ends in ":<function>", of one day in ":<YYYY-MM-DD>",
	// of a permission in ":<permission>".
	Name        string
	Description string
}

// plainName is the name without its argument.
func (f *Fault) plainName() string {
	name, _, _ := strings.Cut(f.Name, ":")
	return name
}

const (
	perReport = ":<function>"
	perDay    = ":<YYYY-MM-DD>"
	perName   = ":<permission>"
)

// Names of faults, without their argument.
const (
	TokenSlow        = "token_slow"
	ThrottleFirst    = "throttle_first"
	ServerErrors     = "server_errors"
	Forbidden        = "report_forbidden"
	Empty            = "report_empty"
	UnknownTenant    = "report_unknown_tenant"
	Late             = "report_late"
	Concealed        = "concealed_names"
	ExtraColumns     = "extra_columns"
	Truncated        = "truncated_download"
	Short            = "short_download"
	BadCell          = "bad_cell"
	UsersForbidden   = "users_forbidden"
	ExpiredPageToken = "expired_page_token"
	DuplicateHeader  = "duplicate_header"
	DeletedUsers     = "deleted_users"
	Slow             = "slow"
	Gone             = "report_gone"
	DayLate          = "day_late"
	MissingDay       = "missing_day"
	Shrunk           = "shrunk_report"
	NoPremium        = "no_premium"
	SignInDeclined   = "sign_in_declined"
	NoVersion2       = "no_version_2"
	FutureDate       = "future_date"
	ShortUsers       = "short_users"
	ShortProducts    = "short_products"
	NoProducts       = "no_products"
	ShortListings    = "short_listings"
	BasicUsers       = "basic_users"
	NoLicenses       = "no_licenses"
	OddUsers         = "odd_users"
	NoUserCount      = "no_user_count"

	WriteConflict     = "write_conflict"
	WriteThrottled    = "write_throttled"
	WriteLost         = "write_lost"
	WriteFailed       = "write_failed"
	WriteUnknown      = "write_unknown_error"
	ReplicationLag    = "replication_lag"
	BatchThrottled    = "batch_throttled"
	BatchFailed       = "batch_failed"
	SeatsRunOut       = "seats_run_out"
	AllWrites         = "write_faults"
	NoLicensePermit   = "no_license_permission"
	NoUserPermit      = "no_user_permission"
	NoMemberPermit    = "no_member_permission"
	CompanyProduct    = "company_product"
	PermissionMissing = "permission_missing"
	PermissionExtra   = "permission_extra"
	NoReportsRole     = "no_reports_role"
	ClockSkew         = "clock_skew"
)

// All lists every failure there is.
func All() []Fault {
	return []Fault{
		{TokenSlow, "the token endpoint takes two seconds"},
		{ThrottleFirst, "the first call of each report is 429 with a fractional Retry-After below 0.3 s"},
		{ServerErrors, "every 7th Graph call answers 503, 502 or 504 once"},
		{Forbidden + perReport, "403 S2SUnauthorized, wrapped in UnknownError"},
		{Empty + perReport, "the report holds its header and no row"},
		{UnknownTenant, "404 UnknownTenantId from every report, wrapped in UnknownError"},
		{Late + perReport, "the report stands still: its refresh date is six days ago"},
		{Concealed, "people in the reports are 32 hexadecimal digits, and /admin/reportSettings says so"},
		{ExtraColumns, "reports have a new column in the middle and the others in another order"},
		{Truncated + perReport, "the download breaks off in the middle of a row, and the connection with it"},
		{Short + perReport, "the download ends in the middle of a row, and HTTP sees nothing wrong"},
		{BadCell + perReport, "one date cell holds text"},
		{UsersForbidden, "403 Authorization_RequestDenied from /users"},
		{ExpiredPageToken, "the second page of /users is 400 Directory_ExpiredPageToken, once"},
		{DuplicateHeader, "reports have one column twice"},
		{DeletedUsers, "period reports also list accounts deleted in the last 30 days"},
		{Gone + perReport, "404 ResourceNotFound: the report was retired"},
		{DayLate + perReport, "the reports of the last three days known have no rows yet, and get them as days go by"},
		{MissingDay + perDay, "the reports of that day have no rows and never get any"},
		{Shrunk + perReport, "the report holds a third of its rows"},
		{NoPremium, "403 Authentication_RequestFromNonPremiumTenantOrB2CTenant when signInActivity is selected"},
		{SignInDeclined, "people who sign in decline to consent"},
		{NoVersion2, "400 BadRequest from the reports about Copilot when they are asked for version='v2', as before " +
			"July 2026"},
		{FutureDate + perReport, "the report's refresh date is a hundred years from now"},
		{ShortUsers, "/users lists a tenth of the people and says nothing of the rest; /users/$count counts all"},
		{NoUserCount, "403 Authorization_RequestDenied from /users/$count"},
		{ShortProducts, "/subscribedSkus lists one product only"},
		{NoProducts, "/subscribedSkus lists no product"},
		{ShortListings, "the subscriptions, groups and role assignments are empty lists"},
		{BasicUsers, "/users leaves out what User.ReadBasic.All does not permit: licences and accountEnabled too"},
		{NoLicenses, "everybody's assignedLicenses and licenseAssignmentStates are empty"},
		{OddUsers, "a few people have properties of another form than Microsoft documents: a date without zone, " +
			"a number for a text, a text for an object, no userPrincipalName"},
		{WriteConflict, "about every third write answers Directory_ConcurrencyViolation, as 400 or 409; not applied"},
		{WriteThrottled, "about every third write answers 429 with a Retry-After of 0.05 to 0.3 s; not applied"},
		{WriteLost, "about every third write is applied, and then answers 504 or drops the connection"},
		{WriteFailed, "about every third write answers 500, 503 or 504; not applied"},
		{WriteUnknown, "about every third write answers 400 with a message that Microsoft does not document; not applied"},
		{ReplicationLag, "a new account is 404 for the next 3 requests, and 2 requests after a write see the " +
			"former state"},
		{BatchThrottled, "every second request of a $batch answers 429 with a Retry-After of 0.05 to 0.3 s; not " +
			"applied"},
		{BatchFailed, "every second request of a $batch answers 500, 503 or 504; not applied"},
		{SeatsRunOut, "before a product's third assignment its free seats are given up"},
		{AllWrites, "all of the faults above that begin with write or batch, replication_lag and seats_run_out"},
		{NoLicensePermit, "the application that writes lacks LicenseAssignment.ReadWrite.All"},
		{NoUserPermit, "the application that writes lacks User.ReadWrite.All"},
		{NoMemberPermit, "the application that writes lacks GroupMember.ReadWrite.All"},
		{CompanyProduct, "the tenant also owns a product for the whole company, which nobody can be assigned"},
		{PermissionMissing + perName, "nobody consented to the permission: tokens lack it, and what needs it is 403"},
		{PermissionExtra + perName, "the permission was consented to as well"},
		{NoReportsRole, "people who sign in hold no directory role: every report is 403 S2SUnauthorized"},
		{ClockSkew, "the header Date of every answer is ten minutes ahead"},
		{Slow, "every answer takes 300 milliseconds longer"},
	}
}

// A Set is the faults that are turned on, by name, each with its arguments: report functions, days or permissions, or
// one empty text for a fault that takes none. It is not changed after Parse, so it is safe for concurrent use.
type Set map[string][]string

var permissionName = regexp.MustCompile(`^[A-Za-z]+(\.[A-Za-z]+)+$`)

// Parse reads the names of faults, with their arguments. functions are the reports there are. The error says what is
// wrong with the first name that is not a fault.
func Parse(names, functions []string) (Set, error) {
	f := Set{}
	for _, given := range names {
		name, arg, _ := strings.Cut(strings.TrimSpace(given), ":")
		i := slices.IndexFunc(All(), func(k Fault) bool { return k.plainName() == name })
		if i < 0 {
			return nil, fmt.Errorf("sandbox: no fault is called %q; there are %s", given, Names())
		}
		byName := strings.HasSuffix(All()[i].Name, perName)
		byReport, byDay := strings.HasSuffix(All()[i].Name, perReport), strings.HasSuffix(All()[i].Name, perDay)
		_, notDay := time.Parse(time.DateOnly, arg)
		switch {
		case byReport && !slices.Contains(functions, arg):
			return nil, fmt.Errorf("sandbox: fault %q: write %s:<function> with one of "+
				"%s", given, name, strings.Join(functions, ", "))
		case byDay && notDay != nil:
			return nil, fmt.Errorf("sandbox: fault %q: write %s:<YYYY-MM-DD>", given, name)
		case byName && !permissionName.MatchString(arg):
			return nil, fmt.Errorf("sandbox: fault %q: write %s:<permission>, such as Reports.Read.All", given, name)
		case !byReport && !byDay && !byName && arg != "":
			return nil, fmt.Errorf("sandbox: fault %q: %s takes no argument", given, name)
		}
		f[name] = append(f[name], arg)
	}
	if f.On(AllWrites) {
		for _, name := range allWriteFaults {
			f[name] = []string{""}
		}
	}
	return f, nil
}

// Names lists the faults there are, as an error names them.
func Names() string {
	var names []string
	for _, f := range All() {
		names = append(names, f.Name)
	}
	return strings.Join(names, ", ")
}

// On says whether a fault is turned on, for whatever argument.
func (f Set) On(name string) bool { return len(f[name]) > 0 }

// OnReport says whether a fault is turned on for a report function.
func (f Set) OnReport(name, function string) bool { return slices.Contains(f[name], function) }

// OnDay says whether a fault is turned on for a day, written as YYYY-MM-DD.
func (f Set) OnDay(name, date string) bool { return slices.Contains(f[name], date) }

// Arguments are what a fault is turned on for, such as the permissions that are missing.
func (f Set) Arguments(name string) []string { return f[name] }
