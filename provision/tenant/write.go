package tenant

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"m365lake/provision"
)

// A Receipt is what Graph says of a write it carried out.
type Receipt struct {
	RequestID string // Microsoft's
	UserID    string // of the account that create_user made
}

// Do makes the one call that leads from the step's Before to its After. Its error is a *Failure.
// Licences come and go in one call, so that a swap has no gap and plans that need each other are
// judged together.
func (d *Client) Do(ctx context.Context, step provision.Step) (Receipt, error) {
	call, err := d.call(ctx, step)
	if err != nil {
		return Receipt{}, failureOf(step, err)
	}
	answer, err := d.Graph.Write(ctx, call.method, apiVersion+call.path, call.body)
	if err != nil {
		return Receipt{}, failureOf(step, err)
	}
	receipt := Receipt{RequestID: answer.RequestID}
	if step.Kind == provision.CreateUser {
		var made struct{ ID string }
		if json.Unmarshal(answer.Body, &made) == nil { // else the caller finds it by its name
			receipt.UserID = strings.ToLower(made.ID)
		}
	}
	return receipt, nil
}

type call struct {
	method, path string
	body         any
}

func (d *Client) call(ctx context.Context, step provision.Step) (call, error) {
	user := "/users/" + segment(step.User.Key())
	if what := missingFrom(step); what != "" {
		return call{}, incomplete(step, what)
	}
	switch step.Kind {
	case provision.AssignLicense, provision.RemoveLicense, provision.SwapLicense, provision.SetDisabledPlans:
		return assignment(user, step)
	case provision.DisableUser, provision.EnableUser:
		return call{http.MethodPatch, user, map[string]any{"accountEnabled": *step.After.Enabled}}, nil
	case provision.SetUsageLocation:
		if *step.After.UsageLocation == "" { // "Not nullable": https://learn.microsoft.com/graph/api/resources/user
			return call{}, &Failure{Code: "usage_location_stays", Class: ClassPermanent,
				Detail: "Microsoft keeps a usage location once there is one; it can be changed but not taken away"}
		}
		return call{http.MethodPatch, user, map[string]any{"usageLocation": *step.After.UsageLocation}}, nil
	case provision.RevokeSessions:
		return call{http.MethodPost, user + "/revokeSignInSessions", nil}, nil
	case provision.CreateUser:
		return d.creation(step)
	case provision.DeleteUser:
		return call{http.MethodDelete, user, nil}, nil
	case provision.RestoreUser:
		return call{http.MethodPost, "/directory/deletedItems/" + segment(step.User.Key()) + "/restore", nil}, nil
	case provision.AddToGroup, provision.RemoveFromGroup:
		return d.membership(ctx, step)
	}
	return call{}, &Failure{Code: "unknown_action", Class: ClassPermanent,
		Detail: fmt.Sprintf("no call is known for %q", step.Kind)}
}

func incomplete(step provision.Step, what string) error {
	return &Failure{Code: "incomplete_step", Class: ClassPermanent,
		Detail: fmt.Sprintf("the step %s does not say %s; make a new plan", step.Kind, what)}
}

// assignment is the call for all that differs between the licences before and after.
// Both lists are mandatory, and null is none: https://learn.microsoft.com/graph/api/user-assignlicense
func assignment(user string, step provision.Step) (call, error) {
	type license struct {
		SKUID         string   `json:"skuId"`
		DisabledPlans []string `json:"disabledPlans"`
	}
	add, remove := []license{}, []string{}
	for _, sku := range slices.Sorted(maps.Keys(step.After.Licenses)) {
		before, after := step.Before.Licenses[sku], step.After.Licenses[sku]
		switch {
		case after.Assigned && (!before.Assigned || !slices.Equal(before.DisabledPlans, after.DisabledPlans)):
			add = append(add, license{sku, append([]string{}, after.DisabledPlans...)})
		case !after.Assigned && before.Assigned:
			remove = append(remove, sku)
		}
	}
	if len(add)+len(remove) == 0 {
		return call{}, &Failure{Code: "nothing_to_do", Class: ClassAlreadyDone,
			Detail: "the licences are the same before and after"}
	}
	body := map[string]any{"addLicenses": add, "removeLicenses": remove}
	return call{http.MethodPost, user + "/assignLicense", body}, nil
}

// creation is the call for a new account. The country comes with it, so that licences can follow.
// Source: https://learn.microsoft.com/graph/api/user-post-users
func (d *Client) creation(step provision.Step) (call, error) {
	name := step.User.UserPrincipalName
	password := firstPassword()
	if d.NewPassword != nil { // before the call: if writing it fails, no account has an unknown password
		if err := d.NewPassword(name, password); err != nil {
			return call{}, &Failure{Code: "password_not_kept", Class: ClassPermanent,
				Detail: "the first password could not be written down, so no account was made", Err: err}
		}
	}
	body := map[string]any{
		"accountEnabled":    true,
		"displayName":       step.NewDisplayName,
		"mailNickname":      mailNickname(name),
		"userPrincipalName": name,
		"passwordProfile":   map[string]any{"password": password, "forceChangePasswordNextSignIn": true},
	}
	if step.After.UsageLocation != nil && *step.After.UsageLocation != "" {
		body["usageLocation"] = *step.After.UsageLocation
	}
	return call{http.MethodPost, "/users", body}, nil
}

// mailNickname is the part of a sign-in name before the @, without what Exchange refuses, at most 64
// characters. Source: https://learn.microsoft.com/graph/api/resources/user (mailNickname).
func mailNickname(userPrincipalName string) string {
	name, _, _ := strings.Cut(userPrincipalName, "@")
	name = strings.Map(func(r rune) rune {
		if r <= ' ' || r > '~' || strings.ContainsRune(`@()\[]";:<>,`, r) {
			return -1
		}
		return r
	}, name)
	return name[:min(len(name), 64)]
}

// membership is the call that adds to a group or takes from it. /$ref makes it the membership that
// is taken and not the user: https://learn.microsoft.com/graph/api/group-delete-members
func (d *Client) membership(ctx context.Context, step provision.Step) (call, error) {
	user := step.User.ID
	if user == "" { // made by an earlier step; a reference needs its id
		made, state, err := d.FindUser(ctx, step.User.UserPrincipalName)
		switch {
		case err != nil:
			return call{}, err
		case state != provision.Live:
			return call{}, &Failure{Code: "not_replicated", Class: ClassRetry, Detail: "the new account is not to be seen yet"}
		}
		user = made.ID
	}
	for group, member := range step.After.Groups {
		path := "/groups/" + segment(group) + "/members/"
		if member {
			body := map[string]any{"@odata.id": d.Root + apiVersion + "/directoryObjects/" + user}
			return call{http.MethodPost, path + "$ref", body}, nil
		}
		return call{http.MethodDelete, path + segment(user) + "/$ref", nil}, nil
	}
	return call{}, nil
}
