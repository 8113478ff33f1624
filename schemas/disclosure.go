package schemas

import (
	"strings"
	"unicode"
)

// A Disclosure says what the values of a column tell about people. It is the only list of what
// identifies a person: private exports, forgetting in raw files and forgetting in the lake follow it.
type Disclosure int

// Text whose column nobody has judged is Undecided. Private exports treat it like Describes; forgetting
// in raw files treats it like Identifies.
const (
	Undecided  Disclosure = iota
	Plain                 // nothing: products, apps, dates and counts
	Identifies            // whom the row is about, and nobody else: a sign-in name, an address, an id
	Refers                // the same, of somebody the row is not about: a manager, an approver
	Locates               // an address, which holds the owner's sign-in name if it is that of a OneDrive
	Names                 // what a person is called, which several may be
	Quotes                // messages and other free text, which may hold anybody's sign-in name
	Describes             // what may give a person away beside other facts: a job title, a department
)

// PointsAtOne says whether a value belongs to one person alone, so that a private export shows a
// pseudonym instead.
func (d Disclosure) PointsAtOne() bool { return d == Identifies || d == Refers || d == Locates }

// disclosed are the columns of tables and views whose values are text, the keys of users, and
// properties of Graph's objects, by what they tell. They are known by name, because a name means the
// same wherever it stands; Column.Discloses is for the few where it does not.
var disclosed = map[Disclosure]string{
	Identifies: `user_key user_id user_principal_name owner_principal_name mail email employee_id target_user
		account id principal_id`,
	// People who ask, approve or apply may call themselves what they like.
	Refers: `manager_id manager_user_key requested_by approved_by applied_by created_by ended_by actor`,

	Locates: `site_url`,

	Names: `display_name given_name surname owner_display_name manager`,

	Quotes: `detail error outcome what expected found request_reason extra`,

	Describes: `department job_title company company_name office_location city country employee_type role role_name scope
		groups group_names membership_rule pending_requests before after`,

	Plain: `action action_id aspect basis counted event plan_id run_id request_id activity_note explanation
		tenant_id tenant_name app app_label label report our_report microsoft_report why status grain table_name kind currency
		product_name sku_part_number sku_id subscription_id problem licenses applications covered_by covered_by_sku_id overlap
		granted group_ids disabled_plans confidence reason evidence last_logged_in_signal
		applies_to apps assigned_by_group assigned_by_group_id assigned_product_list assigned_products audio_duration
		capability_status code commerce_subscription_id country_code default_domain default_usage_location entra_id_tier
		friendly_name group_display_name group_id group_type hash imap4_app initial_domain mail_for_mac measure new_sku
		other_for_mobile outlook_for_mac outlook_for_mobile outlook_for_web outlook_for_windows owner_tenant_id owner_type
		pop3_app preferred_language previous_hash processing_state product_type provisioning_status recipient_type role_id
		root_web_template screen_share_duration service_plan_id service_plan_name shared_channel_tenant_display_names site_id
		sku sku_ids smtp_app source stage state subscribed_sku_id target_group tenant_display_name tenant_type
		through_group_id usage_location user_state user_type version video_duration
		employee_hire_date group_types role_definition_id directory_scope_id last_sign_in_request_id`,
}

var disclosures = func() map[string]Disclosure {
	all := map[string]Disclosure{}
	for d, names := range disclosed {
		for _, name := range strings.Fields(names) {
			all[name] = d
		}
	}
	return all
}()

// DisclosureOf is what a column of this name, of a table or a view, tells about people.
func DisclosureOf(column string) Disclosure { return disclosures[column] }

// DisclosureOfProperty is what a property of an object of Graph tells about people, such as
// "userPrincipalName".
func DisclosureOfProperty(name string) Disclosure {
	var b strings.Builder
	for i, r := range name {
		if unicode.IsUpper(r) && i > 0 {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	if strings.HasSuffix(b.String(), "_date_time") {
		return Plain
	}
	return DisclosureOf(b.String())
}

// Disclosure is what the values of a column of a table tell about people.
func (c Column) Disclosure() Disclosure {
	if c.Discloses != Undecided {
		return c.Discloses
	}
	if d := DisclosureOf(c.Name); d != Undecided {
		return d
	}
	switch c.Type.Name {
	case Text.Name, TextList.Name, Key.Name:
		return Undecided
	}
	return Plain
}
