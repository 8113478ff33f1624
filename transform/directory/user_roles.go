package directory

import (
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"

	"m365lake/schemas"
	"m365lake/schemas/column"
	"m365lake/transform"
	"m365lake/transform/userindex"
)

type graphRoleAssignment struct {
	PrincipalID      string  `json:"principalId"`
	RoleDefinitionID string  `json:"roleDefinitionId"`
	DirectoryScopeID *string `json:"directoryScopeId"`
	AppScopeID       *string `json:"appScopeId"`
}

// Roles are the role definitions of the tenant, by id.
type Roles map[string]role

type role struct {
	DisplayName *string `json:"displayName"`
	IsBuiltIn   *bool   `json:"isBuiltIn"`
}

// RoleDefinitions reads the raw file of the role definitions.
func RoleDefinitions(r io.Reader) (Roles, error) {
	type definition struct {
		graphID
		role
	}
	roles := Roles{}
	for d, err := range values[definition](r, "role_definitions") {
		if err != nil {
			return nil, err
		}
		roles[strings.ToLower(d.ID)] = d.role
	}
	return roles, nil
}

// RoleHolders returns the principals of the role assignments who are not among the users: groups,
// whose members hold the role, and applications. An assignment does not tell the two apart.
func RoleHolders(assignments, users io.Reader) ([]string, error) {
	holders := map[string]bool{}
	for a, err := range values[graphRoleAssignment](assignments, "role_assignments") {
		if err != nil {
			return nil, err
		}
		holders[strings.ToLower(a.PrincipalID)] = true
	}
	if len(holders) == 0 {
		return nil, nil
	}
	for u, err := range values[graphID](users, "users") {
		if err != nil {
			return nil, err
		}
		delete(holders, strings.ToLower(u.ID))
	}
	ids := make([]string, 0, len(holders))
	for id := range holders {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids, nil
}

// RoleMembers opens the raw file of the members of a group that holds roles; nil is no group.
type RoleMembers func(principalID string) (io.ReadCloser, error)

// UserRoles reads the raw file of the role assignments into the table user_roles.
func UserRoles(
	r io.Reader,
	t transform.Tenant,
	index *userindex.Index,
	roles Roles,
	members RoleMembers,
) iter.Seq2[schemas.Batch, error] {
	return func(yield func(schemas.Batch, error) bool) {
		rows := newRoleRows(t.NewWriter(&schemas.UserRoles))
		type way struct {
			user               int32
			role, scope, group string
		}
		seen := map[way]bool{}
		groups := map[string][]int32{} // members by group id, in lower case
		add := func(w way) bool {
			if seen[w] {
				return true
			}
			seen[w] = true
			definition := roles[w.role]
			rows.userKey.Append(w.user)
			rows.roleID.Append(w.role)
			rows.roleName.AppendPointer(nullIfBlank(definition.DisplayName))
			rows.builtIn.AppendPointer(definition.IsBuiltIn)
			rows.scope.Append(w.scope)
			rows.throughGroupID.AppendFilled(w.group)
			rows.EndRow()
			return rows.FlushFull(yield)
		}
		for a, err := range values[graphRoleAssignment](r, "role_assignments") {
			if err != nil {
				yield(schemas.Batch{}, err)
				return
			}
			w := way{role: strings.ToLower(a.RoleDefinitionID), scope: a.scope()}
			principal := strings.ToLower(a.PrincipalID)
			holders, known := groups[principal]
			if key, isUser := index.KeyByID(principal); isUser {
				holders = []int32{key}
			} else {
				w.group = principal
				if !known {
					if holders, err = membersOf(principal, members, index); err != nil {
						yield(schemas.Batch{}, err)
						return
					}
					groups[principal] = holders
				}
			}
			for _, w.user = range holders {
				if !add(w) {
					return
				}
			}
		}
		rows.Flush(yield)
	}
}

// scope is where an assignment holds. Graph leaves one of the two out.
func (a *graphRoleAssignment) scope() string {
	for _, s := range []*string{a.DirectoryScopeID, a.AppScopeID} {
		if s := nullIfBlank(s); s != nil {
			return *s
		}
	}
	return "/"
}

// membersOf are the users of a group, directly or through other groups.
func membersOf(groupID string, open RoleMembers, x *userindex.Index) (keys []int32, err error) {
	file, err := open(groupID)
	if err != nil {
		return nil, fmt.Errorf(
			"role_assignments: the members of group %s could not be read, the earlier roles are kept: %w",
			groupID,
			err,
		)
	}
	if file == nil {
		return nil, nil
	}
	defer file.Close()
	for u, err := range values[graphID](file, "role_members_"+groupID) {
		if err != nil {
			return nil, err
		}
		if key, known := x.KeyByID(u.ID); known {
			keys = append(keys, key)
		}
	}
	return keys, nil
}

// roleRows are the rows of user_roles.
type roleRows struct {
	*column.Writer
	userKey                                 *column.Key
	roleID, roleName, scope, throughGroupID *column.Text
	builtIn                                 *column.Boolean
}

func newRoleRows(w *column.Writer) roleRows {
	return roleRows{
		Writer:         w,
		userKey:        w.Key("user_key"),
		roleID:         w.Text("role_id"),
		roleName:       w.Text("role_name"),
		builtIn:        w.Boolean("built_in"),
		scope:          w.Text("scope"),
		throughGroupID: w.Text("through_group_id"),
	}
}
