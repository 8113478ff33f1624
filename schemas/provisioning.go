package schemas

// ProvisioningActions are what people asked for.
var ProvisioningActions = Table{
	Name: "provisioning_actions",
	Doc: "The changes that people asked for, as the control database had them on the last run; empty without " +
		"one. Ask there, not here.",
	Key: []string{"tenant_id", "action_id"},
	Columns: []Column{
		TenantID,
		{Name: "action_id", Type: Integer, Required: true, Doc: "Number of the action in the control database."},
		{Name: "action", Type: Text, Required: true, Doc: "What to do: assign_license, disable_user and so on."},
		{Name: "target_user", Type: Text, Required: true, Doc: "The user, by sign-in name or Entra object id, as written."},
		{Name: "sku", Type: Text,
			Doc: "The product, by part number, id or name, as written; NULL unless the action is about licences."},
		{Name: "new_sku", Type: Text, Doc: "What a swap_license gives in place of sku."},
		{Name: "disabled_plans", Type: TextList, Doc: "Service plans to switch off, as written; NULL when not said."},
		{Name: "target_group", Type: Text, Doc: "The group, as written; NULL unless the action is about a group."},
		{Name: "usage_location", Type: Text, Doc: "Two-letter country to set."},
		{Name: "display_name", Type: Text, Doc: "Name of a new user."},
		{Name: "reason", Type: Text, Discloses: Quotes, Doc: "Why, in the words of who asked."},
		{Name: "basis", Type: Text, Doc: "The reason of reclaimable_licenses that it rests on; NULL when a person decided."},
		{Name: "requested_by", Type: Text, Doc: "Who asked; NULL when the row does not say."},
		{Name: "requested_at", Type: Timestamp, Doc: "When; NULL when the row holds no time between the years 1 and 9999."},
		{Name: "not_before", Type: Timestamp, Doc: "Earliest time at which it may be done; NULL is at once."},
		{Name: "status", Type: Text, Required: true,
			Doc: "requested, planned, applied, already_done, refused, failed, waiting_for_seat, rejected or " +
				"cancelled."},
		{Name: "plan_id", Type: Text, Doc: "The last plan that had it; NULL before the first."},
		{Name: "outcome", Type: Text, Doc: "What became of it, in a sentence; NULL while nothing did."},
		{Name: "undo_of", Type: Integer, Doc: "The entry of provisioning_ledger that it takes back; NULL for others."},
		{Name: "monthly_saving", Type: Number,
			Doc: "What it saves in a month, as planned; negative when it costs more, NULL when no price is known."},
		{Name: "currency", Type: Text, Doc: "Currency of monthly_saving."},
		{Name: "snapshot_date", Type: Date, Required: true, Doc: "Run day on which the control database was read."},
	},
}

// ProvisioningPlans are what was shown before anything was changed.
var ProvisioningPlans = Table{
	Name: "provisioning_plans",
	Doc:  "The plans that were made of provisioning_actions, and who decided on them; empty without a control database.",
	Key:  []string{"tenant_id", "plan_id"},
	Columns: []Column{
		TenantID,
		{Name: "plan_id", Type: Text, Required: true, Doc: "Id of the plan."},
		{Name: "status", Type: Text, Required: true,
			Doc: "open, approved, rejected, cancelled, expired, empty, stopped (applied in part) or applied."},
		{Name: "created_by", Type: Text, Required: true, Doc: "Who made it."},
		{Name: "created_at", Type: Timestamp, Required: true, Doc: "When."},
		{Name: "expires_at", Type: Timestamp, Required: true, Doc: "From when on it can no longer be applied."},
		{Name: "approved_by", Type: Text,
			Doc: "Who approved it as it stands, the last where several did; NULL when nobody did."},
		{Name: "approved_at", Type: Timestamp, Doc: "When."},
		{Name: "ended_by", Type: Text, Doc: "Who rejected or cancelled it; NULL when nobody did."},
		{Name: "ended_at", Type: Timestamp, Doc: "When."},
		{Name: "snapshot_date", Type: Date, Required: true, Doc: "Run day on which the control database was read."},
	},
}

// ProvisioningLedger is what was done.
var ProvisioningLedger = Table{
	Name: "provisioning_ledger",
	Doc:  "Every call that changed the tenant: its intent before, its outcome after; empty without a control database.",
	Key:  []string{"tenant_id", "entry_id"},
	Columns: []Column{
		TenantID,
		{Name: "entry_id", Type: Integer, Required: true, Doc: "Number of the entry over all tenants."},
		{Name: "run_id", Type: Text, Required: true, Doc: "The run of provision apply that wrote it."},
		{Name: "plan_id", Type: Text, Required: true, Doc: "The plan that was applied."},
		{Name: "action_id", Type: Integer, Required: true,
			Doc: "The action; join provisioning_actions on tenant_id and action_id."},
		{Name: "recorded_at", Type: Timestamp, Required: true, Doc: "When."},
		{Name: "event", Type: Text, Required: true,
			Doc: "intent (about to be called), done, settled (the run died, reading shows that it was done), " +
				"not_done (nothing changed), denied (refused for good), postponed (worth another try) or mismatch " +
				"(done, but reading back shows something else)."},
		{Name: "action", Type: Text, Required: true, Doc: "What was to be done."},
		{Name: "user_id", Type: Text, Doc: "Entra object id of the user; NULL for one who was yet to be made."},
		{Name: "user_principal_name", Type: Text, Required: true, Doc: "Sign-in name of the user then."},
		{Name: "display_name", Type: Text, Doc: "Name of the user then."},
		{Name: "before", Type: Text, Required: true, Doc: "What the step changes, as it was, as JSON."},
		{Name: "after", Type: Text, Required: true, Doc: "What the step changes, as it shall be, as JSON."},
		{Name: "code", Type: Text, Doc: "Outcome for programs; NULL when there is none."},
		{Name: "detail", Type: Text, Doc: "Outcome for people; NULL when there is none."},
		{Name: "request_id", Type: Text, Doc: "Microsoft's id of the call; NULL when there is none."},
		{Name: "actor", Type: Text, Doc: "Who applied."},
		{Name: "previous_hash", Type: Text, Doc: "Hash of the entry before; NULL for the first."},
		{Name: "hash", Type: Text, Required: true, Doc: "SHA-256 of the entry."},
	},
}
