package tenant

import "m365lake/provision"

// missingFrom is what the step's kind needs and its After does not say. The kind chooses the call, so that
// one that does not fit its After must not get as far: it could delete whom it was to license.
func missingFrom(s provision.Step) string {
	account := map[provision.Kind]provision.AccountState{
		provision.CreateUser: provision.Live, provision.RestoreUser: provision.Live, provision.DeleteUser: provision.Deleted}
	switch {
	case s.User.Key() == "":
		return "a user"
	case s.After.Account != account[s.Kind]:
		return "the account as this kind leaves it"
	case (s.Kind == provision.DisableUser || s.Kind == provision.EnableUser) &&
		(s.After.Enabled == nil || *s.After.Enabled != (s.Kind == provision.EnableUser)):
		return "enabled as this kind leaves it"
	case s.Kind == provision.SetUsageLocation && s.After.UsageLocation == nil:
		return "a usage_location"
	case s.Kind == provision.RevokeSessions && s.After.SessionsValidFrom == nil:
		return "since when sessions are valid"
	case (s.Kind == provision.AddToGroup || s.Kind == provision.RemoveFromGroup) && len(s.After.Groups) != 1:
		return "one group"
	}
	return ""
}
