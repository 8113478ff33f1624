package sandbox

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Fault is a failure the sandbox can be told to show.
type Fault struct {
	Name        string // as given in Options.Faults; a fault of one report ends in ":<function>", of one day in ":<YYYY-MM-DD>", of a permission in ":<permission>"
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
	faultTokenSlow        = "token_slow"
	faultThrottleFirst    = "throttle_first"
	faultServerErrors     = "server_errors"
	faultForbidden        = "report_forbidden"
	faultEmpty            = "report_empty"
	faultUnknownTenant    = "report_unknown_tenant"
	faultLate             = "report_late"
	faultConcealed        = "concealed_names"
	faultExtraColumns     = "extra_columns"
	faultTruncated        = "truncated_download"
	faultShort            = "short_download"
	faultBadCell          = "bad_cell"
	faultUsersForbidden   = "users_forbidden"
	faultExpiredPageToken = "expired_page_token"
	faultDuplicateHeader  = "duplicate_header"
	faultDeletedUsers     = "deleted_users"
	faultSlow             = "slow"
	faultGone             = "report_gone"
	faultDayLate          = "day_late"
	faultMissingDay       = "missing_day"
	faultShrunk           = "shrunk_report"
	faultNoPremium        = "no_premium"
	faultSignInDeclined   = "sign_in_declined"
	faultNoVersion2       = "no_version_2"

	faultWriteConflict     = "write_conflict"
	faultWriteThrottled    = "write_throttled"
	faultWriteLost         = "write_lost"
	faultWriteFailed       = "write_failed"
	faultWriteUnknown      = "write_unknown_error"
	faultReplicationLag    = "replication_lag"
	faultBatchThrottled    = "batch_throttled"
	faultBatchFailed       = "batch_failed"
	faultSeatsRunOut       = "seats_run_out"
	faultAllWrites         = "write_faults"
	faultNoLicensePermit   = "no_license_permission"
	faultNoUserPermit      = "no_user_permission"
	faultNoMemberPermit    = "no_member_permission"
	faultCompanyProduct    = "company_product"
	faultPermissionMissing = "permission_missing"
	faultPermissionExtra   = "permission_extra"
	faultNoReportsRole     = "no_reports_role"
	faultClockSkew         = "clock_skew"
)

// Faults lists every failure there is.
func Faults() []Fault {
	return []Fault{
		{faultTokenSlow, "the token endpoint takes two seconds"},
		{faultThrottleFirst, "the first call of each report is 429 with a fractional Retry-After below 0.3 s"},
		{faultServerErrors, "every 7th Graph call answers 503, 502 or 504 once"},
		{faultForbidden + perReport, "403 S2SUnauthorized, wrapped in UnknownError"},
		{faultEmpty + perReport, "the report holds its header and nobody"},
		{faultUnknownTenant, "404 UnknownTenantId from every report, wrapped in UnknownError"},
		{faultLate + perReport, "the report stands still: its refresh date is six days ago"},
		{faultConcealed, "people in the reports are 32 hexadecimal digits, and /admin/reportSettings says so"},
		{faultExtraColumns, "reports have a new column in the middle and the others in another order"},
		{faultTruncated + perReport, "the download breaks off in the middle of a row, and the connection with it"},
		{faultShort + perReport, "the download ends in the middle of a row, and HTTP sees nothing wrong"},
		{faultBadCell + perReport, "one date cell holds text"},
		{faultUsersForbidden, "403 Authorization_RequestDenied from /users"},
		{faultExpiredPageToken, "the second page of /users is 400 Directory_ExpiredPageToken, once"},
		{faultDuplicateHeader, "reports have one column twice"},
		{faultDeletedUsers, "period reports also list accounts deleted in the last 30 days"},
		{faultGone + perReport, "404 ResourceNotFound: the report was retired"},
		{faultDayLate + perReport, "the reports of the last three days known hold nobody yet, and fill in as days go by"},
		{faultMissingDay + perDay, "the reports of that day hold nobody, for ever"},
		{faultShrunk + perReport, "the report holds a third of its rows"},
		{faultNoPremium, "403 Authentication_RequestFromNonPremiumTenantOrB2CTenant when signInActivity is selected"},
		{faultSignInDeclined, "people who sign in decline to consent"},
		{faultNoVersion2, "400 BadRequest from the reports about Copilot when they are asked for version='v2', as before July 2026"},
		{faultWriteConflict, "about every third write answers Directory_ConcurrencyViolation, as 400 or 409; not applied"},
		{faultWriteThrottled, "about every third write answers 429 with a Retry-After of 0.05 to 0.3 s; not applied"},
		{faultWriteLost, "about every third write is applied, and then answers 504 or drops the connection"},
		{faultWriteFailed, "about every third write answers 500, 503 or 504; not applied"},
		{faultWriteUnknown, "about every third write answers 400 with a message nobody documented; not applied"},
		{faultReplicationLag, "whoever was created is 404 to the next 3 looks, and 2 looks after a write see what was before"},
		{faultBatchThrottled, "every second request of a $batch answers 429 with a Retry-After of 0.05 to 0.3 s; not applied"},
		{faultBatchFailed, "every second request of a $batch answers 500, 503 or 504; not applied"},
		{faultSeatsRunOut, "before a product's third assignment its free seats are given up"},
		{faultAllWrites, "all of the faults above that begin with write or batch, replication_lag and seats_run_out"},
		{faultNoLicensePermit, "the application that writes lacks LicenseAssignment.ReadWrite.All"},
		{faultNoUserPermit, "the application that writes lacks User.ReadWrite.All"},
		{faultNoMemberPermit, "the application that writes lacks GroupMember.ReadWrite.All"},
		{faultCompanyProduct, "the tenant also owns a product for the whole company, which nobody can be assigned"},
		{faultPermissionMissing + perName, "nobody consented to the permission: tokens lack it, and what needs it is 403"},
		{faultPermissionExtra + perName, "the permission was consented to as well"},
		{faultNoReportsRole, "whoever signs in holds no directory role: every report is 403 S2SUnauthorized"},
		{faultClockSkew, "the header Date of every answer is ten minutes ahead"},
		{faultSlow, "every answer takes 300 milliseconds longer"},
	}
}

// faults is the set of those turned on. The value says which report, if the
// fault has one.
type faults map[string][]string

var permissionName = regexp.MustCompile(`^[A-Za-z]+(\.[A-Za-z]+)+$`)

func parseFaults(names []string) (faults, error) {
	f := faults{}
	for _, given := range names {
		name, arg, _ := strings.Cut(strings.TrimSpace(given), ":")
		i := slices.IndexFunc(Faults(), func(k Fault) bool { return k.plainName() == name })
		if i < 0 {
			return nil, fmt.Errorf("sandbox: no fault is called %q; there are %s", given, faultNames())
		}
		byName := strings.HasSuffix(Faults()[i].Name, perName)
		byReport, byDay := strings.HasSuffix(Faults()[i].Name, perReport), strings.HasSuffix(Faults()[i].Name, perDay)
		_, notDay := time.Parse(time.DateOnly, arg)
		switch {
		case byReport && reportByName(arg) == nil:
			return nil, fmt.Errorf("sandbox: fault %q: write %s:<function> with one of %s", given, name, reportNames())
		case byDay && notDay != nil:
			return nil, fmt.Errorf("sandbox: fault %q: write %s:<YYYY-MM-DD>", given, name)
		case byName && !permissionName.MatchString(arg):
			return nil, fmt.Errorf("sandbox: fault %q: write %s:<permission>, such as Reports.Read.All", given, name)
		case !byReport && !byDay && !byName && arg != "":
			return nil, fmt.Errorf("sandbox: fault %q: %s takes no argument", given, name)
		}
		f[name] = append(f[name], arg)
	}
	if f.on(faultAllWrites) {
		for _, name := range allWriteFaults {
			f[name] = []string{""}
		}
	}
	return f, nil
}

func faultNames() string {
	var names []string
	for _, f := range Faults() {
		names = append(names, f.Name)
	}
	return strings.Join(names, ", ")
}

func (f faults) on(name string) bool { return len(f[name]) > 0 }

func (f faults) onReport(name string, r *report) bool { return slices.Contains(f[name], r.function) }

func (f faults) onDay(name, date string) bool { return slices.Contains(f[name], date) }
