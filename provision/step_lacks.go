package provision

// missingFrom is what the step's kind needs and its After does not say. The kind chooses the call, so that
// one that does not fit its After must not get as far: it could delete whom it was to license.
func missingFrom(s Step) string {
	account := map[Kind]AccountState{CreateUser: Live, RestoreUser: Live, DeleteUser: Deleted}
	switch {
	case s.User.key() == "":
		return "a user"
	case s.After.Account != account[s.Kind]:
		return "the account as this kind leaves it"
	case (s.Kind == DisableUser || s.Kind == EnableUser) && (s.After.Enabled == nil || *s.After.Enabled != (s.Kind == EnableUser)):
		return "enabled as this kind leaves it"
	case s.Kind == SetUsageLocation && s.After.UsageLocation == nil:
		return "a usage_location"
	case s.Kind == RevokeSessions && s.After.SessionsValidFrom == nil:
		return "since when sessions are valid"
	case (s.Kind == AddToGroup || s.Kind == RemoveFromGroup) && len(s.After.Groups) != 1:
		return "one group"
	}
	return ""
}
