package tenant

import (
	"errors"
	"m365lake/graph/auth"
	"net/http"
	"slices"
	"strings"

	"m365lake/graph"
	"m365lake/provision"
)

// A Failure is why a call did not do what it should, in one line.
type Failure struct {
	Code      string // for programs: no_seat, inherited_from_group, ...
	Class     Class
	Detail    string // for people, with what to do
	RequestID string // Microsoft's
	Err       error  // what came back; may be nil
}

func (f *Failure) Error() string {
	if f.Err != nil {
		return f.Code + ": " + f.Detail + ": " + f.Err.Error()
	}
	return f.Code + ": " + f.Detail
}

func (f *Failure) Unwrap() error { return f.Err }

// A Class is what a failure asks for.
type Class string

// The classes.
const (
	ClassRetry       Class = "retry"         // nothing was done; the same call can succeed soon
	ClassWaitForSeat Class = "wait_for_seat" // nothing was done; a seat must become free first
	ClassPermanent   Class = "permanent"     // nothing was done, and nothing will be until somebody acts
	ClassAlreadyDone Class = "already_done"  // there was nothing left to do
	ClassUncertain   Class = "uncertain"     // whether it was done is not known: read before anything else
	ClassUnknown     Class = "unknown"       // refused, for a reason nobody documented
)

// A saying is an answer of Graph that means something. Nearly all refusals have the same status and
// code, so that the message has to tell; it comes in English whatever the user's language.
type saying struct {
	fragment string // of the message, in lower case
	code     string
	class    Class
	detail   string
}

// licenseSayings are the refusals of assignLicense.
// Sources: https://learn.microsoft.com/entra/identity/users/licensing-groups-resolve-problems and
// answers that people published; https://learn.microsoft.com/graph/api/user-assignlicense.
var licenseSayings = []saying{
	{"does not have any available licenses", "no_seat", ClassWaitForSeat,
		"no seat of the product is free; buy one or take one from somebody"},
	{"invalid usage location", "no_usage_location", ClassPermanent,
		"the user has no usage location that allows it; add a set_usage_location action"},
	{"are mutually exclusive", "exclusive_plans", ClassPermanent,
		"two service plans exclude each other; switch one off or take the other product away in the same action"},
	{"conflicts with service plan", "exclusive_plans", ClassPermanent,
		"two service plans exclude each other; switch one off or take the other product away in the same action"},
	{"depends on the service plan", "dependency", ClassPermanent,
		"a service plan needs another that the user would not have; give or take both together"},
	{"inherited from a group", "inherited_from_group", ClassPermanent,
		"a group gives the licence; take the user from the group instead"},
	{"does not have a corresponding license", "not_held", ClassAlreadyDone, "the user does not have the licence"},
	{"does not correspond to a valid company license", "unknown_sku", ClassPermanent,
		"the tenant does not own the product"},
	{"cannot be assigned to a user", "not_assignable", ClassPermanent,
		"the product is for the whole tenant, not for single users"},
	{"proxy address is already being used", "proxy_address_conflict", ClassPermanent,
		"somebody else has one of the user's mail addresses"},
	{"edm.guid", "malformed_request", ClassPermanent,
		"an id is not an id; this is a fault of the program, please report it"},
	{"missing from the request payload", "malformed_request", ClassPermanent,
		"a list is missing; this is a fault of the program, please report it"},
}

// accountSayings are the refusals of writes to users and groups.
// Sources: https://learn.microsoft.com/graph/api/user-post-users, /graph/api/user-update,
// /graph/api/group-post-members, /graph/api/directory-deleteditems-restore.
var accountSayings = []saying{
	{"added object references already exist", "already_member", ClassAlreadyDone, "the user is a member already"},
	{"userprincipalname already exists", "user_exists", ClassPermanent, "another account has this sign-in name"},
	{"domain portion of the userprincipalname", "unverified_domain", ClassPermanent,
		"the domain of the sign-in name is not a verified domain of the tenant"},
	{"password complexity", "password_refused", ClassPermanent, "the tenant's password policy refuses the first password"},
	{"on-premises mastered", "synced", ClassPermanent, "the object is synchronized from on premises: change it there"},
	{"dynamic", "dynamic_group", ClassPermanent, "a rule decides who is in the group: change the rule"},
	{"mail-enabled security group", "mail_group", ClassPermanent, "Exchange manages the group: change it there"},
	{"invalid value specified for property 'usagelocation'", "invalid_usage_location", ClassPermanent,
		"Microsoft knows no such country"},
	{"proxy address is already being used", "proxy_address_conflict", ClassPermanent,
		"somebody else has one of the user's mail addresses"},
	{"same value for property", "object_conflict", ClassPermanent, "another object has one of its names by now"},
}

// concurrent is Graph's answer to two writes at once, under more than one code.
var concurrent = saying{"concurrent requests being made", "concurrent_writes", ClassRetry,
	"other writes to the tenant were on their way"}

// violationCodes are the codes of error.details that name the reason outright.
var violationCodes = map[string]string{
	"countviolation": "does not have any available licenses", "mutuallyexclusiveviolation": "are mutually exclusive",
	"dependencyviolation": "depends on the service plan", "uniquenessviolation": "proxy address is already being used",
	"prohibitedinusagelocationviolation": "invalid usage location",
}

// failureOf says what an error means for the step.
func failureOf(step provision.Step, err error) *Failure {
	var failure *Failure
	var refusal *graph.Error
	switch {
	case errors.As(err, &failure):
		return failure
	case graph.Uncertain(err):
		f := &Failure{Code: "answer_lost", Class: ClassUncertain, Detail: "whether it was done is not known", Err: err}
		if errors.As(err, &refusal) {
			f.RequestID = refusal.RequestID
		}
		return f
	case errors.As(err, new(*auth.TokenError)):
		return &Failure{Code: "sign_in_refused", Class: ClassUnknown, Detail: "Microsoft refused the sign-in", Err: err}
	case !errors.As(err, &refusal):
		return &Failure{Code: "unreachable", Class: ClassRetry, Detail: "nothing was sent", Err: err}
	}
	said := meaning(step, refusal)
	return &Failure{Code: said.code, Class: said.class, Detail: said.detail, RequestID: refusal.RequestID, Err: err}
}

// meaning finds what a refusal says of the step.
func meaning(step provision.Step, e *graph.Error) saying {
	message := strings.ToLower(e.Message)
	sayings := accountSayings
	if step.Kind.ChangesLicenses() {
		sayings = licenseSayings
	}
	switch {
	case e.Status == http.StatusTooManyRequests, e.Status == http.StatusServiceUnavailable:
		return saying{code: "throttled", class: ClassRetry, detail: "a limit of Microsoft is used up"}
	case e.Status == http.StatusLocked:
		return saying{code: "locked", class: ClassRetry, detail: "something else changes the object now"}
	case strings.EqualFold(e.Code, "Directory_ConcurrencyViolation"), strings.Contains(message, concurrent.fragment):
		return concurrent
	case e.Status == http.StatusForbidden && !step.Kind.ChangesLicenses():
		return saying{code: "forbidden", class: ClassPermanent, detail: forbidden(step.Kind)}
	case e.Status == http.StatusForbidden:
		return saying{code: "forbidden", class: ClassPermanent,
			detail: "the application may not change licences of this user: it needs LicenseAssignment.ReadWrite.All, and no " +
				"restricted administrative unit in the way"}
	case e.Status == http.StatusNotFound:
		return missing(step)
	}
	for _, code := range e.Details {
		if fragment, known := violationCodes[strings.ToLower(code)]; known {
			message = fragment
			break
		}
	}
	if i := slices.IndexFunc(sayings, func(s saying) bool { return strings.Contains(message, s.fragment) }); i >= 0 {
		said := sayings[i]
		// the call was refused whole: nothing came either
		if said.class == ClassAlreadyDone && step.Kind == provision.SwapLicense {
			said.class, said.detail = ClassPermanent,
				"the user no longer has the licence that was to be swapped; make a new plan"
		}
		return said
	}
	return saying{code: "unknown_refusal", class: ClassUnknown,
		detail: "Microsoft refused for a reason that is not documented"}
}

// missing is what 404 says: which of the objects is not there, and whether that is what was wanted.
func missing(step provision.Step) saying {
	switch {
	case step.User.ID == "" && step.Kind != provision.CreateUser: // an earlier step made it
		return saying{code: "not_replicated", class: ClassRetry, detail: "the new account is not to be seen yet"}
	case step.Kind == provision.DeleteUser:
		return saying{code: "user_gone", class: ClassAlreadyDone, detail: "the account is not there any more"}
	case step.Kind == provision.RestoreUser:
		return saying{code: "not_deleted", class: ClassPermanent,
			detail: "no deleted account with this id is left: 30 days after its deletion an account is gone for good"}
	case step.Kind == provision.RemoveFromGroup:
		return saying{code: "not_member", class: ClassAlreadyDone, detail: "the user is not a member, or one of both is gone"}
	case step.Kind == provision.AddToGroup:
		return saying{code: "user_or_group_gone", class: ClassPermanent,
			detail: "the user or the group is not there any more"}
	}
	return saying{code: "user_gone", class: ClassPermanent, detail: "the account is not there any more"}
}

// forbidden says which permission or role a write lacks. Holders of administrator roles are out of
// reach of application permissions alone: https://learn.microsoft.com/graph/api/resources/users
// ("Who can perform sensitive actions").
func forbidden(kind provision.Kind) string {
	const admins = "; a target with an administrator role needs a directory role for the application as well"
	switch kind {
	case provision.DisableUser, provision.EnableUser:
		return "the application needs User.EnableDisableAccount.All" + admins
	case provision.DeleteUser, provision.RestoreUser:
		return "the application needs User.DeleteRestore.All" + admins
	case provision.RevokeSessions:
		return "the application needs User.RevokeSessions.All"
	case provision.AddToGroup, provision.RemoveFromGroup:
		return "the application needs GroupMember.ReadWrite.All, and for a group that can hold roles " +
			"RoleManagement.ReadWrite.Directory"
	}
	return "the application needs User.ReadWrite.All"
}
