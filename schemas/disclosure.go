package schemas

// A Disclosure says what the values of a column tell about people.
type Disclosure int

// Text whose column nobody has judged is Undecided, and treated like Describes.
const (
	Undecided  Disclosure = iota
	Plain                 // nothing: products, apps, dates and counts
	Identifies            // who it is, and nobody else: a sign-in name, an address, an id
	Names                 // what a person is called, which several may be
	Describes             // what may give a person away beside other facts: a job title, a department, free text
)

// disclosures are the columns of tables and views whose values are text, and user_key. They are
// known by name, because a name means the same wherever it stands.
var disclosures = map[string]Disclosure{
	"user_key": Identifies, "manager_user_key": Identifies,
	"user_id": Identifies, "user_principal_name": Identifies, "owner_principal_name": Identifies,
	"mail": Identifies, "email": Identifies, "manager_id": Identifies, "employee_id": Identifies,
	// The address of a OneDrive contains its owner's sign-in name.
	"account": Identifies, "site_url": Identifies,

	"display_name": Names, "given_name": Names, "surname": Names, "owner_display_name": Names, "manager": Names,

	"department": Describes, "job_title": Describes, "company": Describes, "company_name": Describes, "office_location": Describes,
	"city": Describes, "country": Describes, "employee_type": Describes, "role": Describes, "role_name": Describes, "scope": Describes,
	"groups": Describes, "group_names": Describes, "membership_rule": Describes, "detail": Describes, "error": Describes, "extra": Describes,

	// Whoever asks, approves or applies says a name of their choice; outcomes and requests quote sign-in names.
	"requested_by": Identifies, "approved_by": Identifies, "applied_by": Identifies, "target_user": Identifies,
	"request_reason": Describes, "outcome": Describes, "what": Describes, "expected": Describes, "found": Describes, "pending_requests": Describes,

	"action": Plain, "aspect": Plain, "basis": Plain, "event": Plain, "plan_id": Plain, "run_id": Plain, "request_id": Plain,
	"activity_note": Plain, "explanation": Plain,

	"tenant_id": Plain, "tenant_name": Plain, "app": Plain, "app_label": Plain, "label": Plain, "report": Plain, "our_report": Plain,
	"microsoft_report": Plain, "why": Plain, "status": Plain, "grain": Plain, "table_name": Plain, "kind": Plain, "currency": Plain,
	"product_name": Plain, "sku_part_number": Plain, "sku_id": Plain, "subscription_id": Plain, "problem": Plain, "licenses": Plain,
	"applications": Plain, "covered_by": Plain, "covered_by_sku_id": Plain, "overlap": Plain, "granted": Plain, "group_ids": Plain,
	"disabled_plans": Plain, "confidence": Plain, "reason": Plain, "evidence": Plain, "last_logged_in_signal": Plain,
}

// DisclosureOf is what a column of this name tells about people.
func DisclosureOf(column string) Disclosure { return disclosures[column] }
