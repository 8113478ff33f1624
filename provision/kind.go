package provision

// A Kind is what an action does.
type Kind string

// The kinds of actions, as the column action has them.
const (
	AssignLicense    Kind = "assign_license"
	RemoveLicense    Kind = "remove_license"
	SwapLicense      Kind = "swap_license" // SKU goes, NewSKU comes, in one call
	SetDisabledPlans Kind = "set_disabled_plans"
	DisableUser      Kind = "disable_user"
	EnableUser       Kind = "enable_user"
	RevokeSessions   Kind = "revoke_sessions"
	CreateUser       Kind = "create_user"
	DeleteUser       Kind = "delete_user"
	RestoreUser      Kind = "restore_user"
	AddToGroup       Kind = "add_to_group"
	RemoveFromGroup  Kind = "remove_from_group"
	SetUsageLocation Kind = "set_usage_location"
)

// Kinds lists all kinds.
func Kinds() []Kind {
	return []Kind{
		AssignLicense, RemoveLicense, SwapLicense, SetDisabledPlans, DisableUser, EnableUser, RevokeSessions,
		CreateUser, DeleteUser, RestoreUser, AddToGroup, RemoveFromGroup, SetUsageLocation,
	}
}

func kindNames() []string {
	var names []string
	for _, k := range Kinds() {
		names = append(names, string(k))
	}
	return names
}

// Stage orders the kinds: accounts and countries first, then what frees seats, then what needs them.
func (k Kind) Stage() int {
	switch k {
	case CreateUser, RestoreUser:
		return 0
	case SetUsageLocation:
		return 1
	case RemoveLicense, RemoveFromGroup:
		return 2
	case SwapLicense, SetDisabledPlans:
		return 3
	case AssignLicense, AddToGroup:
		return 4
	case DeleteUser:
		return 6
	}
	return 5
}

// Undoes reports whether an action of kind k can undo one of kind done. What assignLicense did, it
// can undo under each of its names.
func (k Kind) Undoes(done Kind) bool {
	if done.ChangesLicenses() {
		return k.ChangesLicenses()
	}
	opposite := map[Kind]Kind{
		DisableUser: EnableUser, EnableUser: DisableUser, AddToGroup: RemoveFromGroup, RemoveFromGroup: AddToGroup,
		CreateUser: DeleteUser, DeleteUser: RestoreUser, RestoreUser: DeleteUser,
		SetUsageLocation: SetUsageLocation, RevokeSessions: RevokeSessions,
	}
	return opposite[done] == k
}

// ChangesLicenses reports whether a step of this kind is a call of assignLicense.
func (k Kind) ChangesLicenses() bool {
	switch k {
	case AssignLicense, RemoveLicense, SwapLicense, SetDisabledPlans:
		return true
	}
	return false
}
