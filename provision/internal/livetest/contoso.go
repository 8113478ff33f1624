package livetest

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"m365lake/provision/internal/graphfake"
	"m365lake/provision/tenant"
)

// Ids of the tenant below.
const (
	Domain     = "@contoso.com"
	companyID  = "00000000-0000-0000-0000-0000000000c0"
	expiredID  = "00000000-0000-0000-0000-0000000000c1"
	TwinID     = "00000000-0000-0000-0000-0000000000c2"
	OtherTwin  = "00000000-0000-0000-0000-0000000000c3"
	phoneID    = "00000000-0000-0000-0000-0000000000c4"
	rareID     = "00000000-0000-0000-0000-0000000000c5"
	mailPlan1  = "cccccccc-0000-0000-0000-000000000001"
	MailPlan2  = "cccccccc-0000-0000-0000-000000000002"
	drivePlan1 = "cccccccc-0000-0000-0000-000000000003"
	DrivePlan2 = "cccccccc-0000-0000-0000-000000000004"
	phonePlan  = "cccccccc-0000-0000-0000-000000000005"
	YammerPlan = "cccccccc-0000-0000-0000-000000000006"
	DynamicID  = "bbbbbbbb-0000-0000-0000-000000000002"
	SyncedID   = "bbbbbbbb-0000-0000-0000-000000000003"
	AdminsID   = "bbbbbbbb-0000-0000-0000-000000000004"
	ListID     = "bbbbbbbb-0000-0000-0000-000000000005"
	RoleID     = "dddddddd-0000-0000-0000-000000000001"
)

type object = map[string]any

func values(all ...any) graphfake.Answer {
	return graphfake.Answer{Status: 200, Body: object{"value": append([]any{}, all...)}}
}

func sku(id, part string, bought, consumed int, plans ...string) object {
	var list []any
	for i := 0; i < len(plans); i += 2 {
		list = append(list, object{"servicePlanId": plans[i], "servicePlanName": plans[i+1], "appliesTo": "User"})
	}
	return object{"skuId": id, "skuPartNumber": part, "capabilityStatus": "Enabled", "appliesTo": "User",
		"consumedUnits": consumed,
		"prepaidUnits":  object{"enabled": bought, "warning": 0}, "servicePlans": list}
}

func with(o object, name string, value any) object { o[name] = value; return o }

// UserID gives the n-th user of the tenant an id.
func UserID(n int) string { return fmt.Sprintf("aaaaaaaa-0000-0000-0000-%012d", n) }

// holding is a licence state: of a group, or directly when group is empty.
func holding(sku, group string, without ...string) object {
	by := any(nil)
	if group != "" {
		by = group
	}
	return object{"skuId": sku, "disabledPlans": append([]string{}, without...), "assignedByGroup": by, "state": "Active",
		"error": "None"}
}

func member(n int, name string, states ...object) object {
	licenses, list := []any{}, []any{}
	for _, s := range states {
		list = append(list, s)
		licenses = append(licenses, object{"skuId": s["skuId"], "disabledPlans": s["disabledPlans"]})
	}
	return object{"id": UserID(n), "userPrincipalName": name + Domain, "displayName": strings.ToUpper(name[:1]) + name[1:],
		"userType":       "Member",
		"accountEnabled": true, "usageLocation": "DE", "signInSessionsValidFromDateTime": "2026-01-01T00:00:00Z",
		"assignedLicenses": licenses, "licenseAssignmentStates": list}
}

// Contoso is a small tenant with one of each trouble.
func Contoso(t *testing.T) (*graphfake.Graph, *tenant.Client) {
	t.Helper()
	answers := map[string]graphfake.Answer{
		"GET /organization": values(object{"id": "11111111-2222-3333-4444-555555555555",
			"verifiedDomains": []any{object{"name": "Contoso.com"}}}),
		"GET /users": {Status: 200, Body: object{"@odata.count": 40, "value": []any{object{"id": UserID(1)}}}},
		"GET /subscribedSkus": values(
			sku(graphfake.E3ID, "SPE_E3", 10, 8, MailPlan2, "EXCHANGE_S_ENTERPRISE", DrivePlan2, "SHAREPOINTENTERPRISE",
				YammerPlan, "YAMMER_ENTERPRISE"),
			sku(graphfake.E1ID, "STANDARDPACK", 3, 3, mailPlan1, "EXCHANGE_S_STANDARD", drivePlan1, "SHAREPOINTSTANDARD",
				YammerPlan, "YAMMER_ENTERPRISE"),
			sku(phoneID, "MCOEV", 5, 0, phonePlan, "MCOEV"),
			sku(rareID, "RARE", 2, 1),
			with(sku(companyID, "WHOLE", 5, 0), "appliesTo", "Company"),
			with(sku(expiredID, "OLD", 5, 0), "capabilityStatus", "Suspended"),
			sku(TwinID, "TWIN", 5, 0), sku(OtherTwin, "twin", 5, 0)),
		"GET /roleManagement/directory/roleDefinitions": values(
			object{"id": RoleID, "displayName": "User Administrator", "templateId": RoleID}),
		"GET /roleManagement/directory/roleAssignments": values(
			object{"principalId": UserID(5), "roleDefinitionId": RoleID},
			object{"principalId": AdminsID, "roleDefinitionId": RoleID}),
		"GET /directory/deletedItems/microsoft.graph.user": values(
			object{"id": UserID(20), "userPrincipalName": strings.ReplaceAll(UserID(20), "-", "") + "left" + Domain,
				"displayName": "Left"},
			object{"id": UserID(21), "userPrincipalName": strings.ReplaceAll(UserID(21), "-", "") + "twice" + Domain},
			object{"id": UserID(22), "userPrincipalName": strings.ReplaceAll(UserID(22), "-", "") + "twice" + Domain}),
		"GET /directory/deletedItems/" + UserID(20): {
			Status: 200, Body: object{"id": UserID(20), "userPrincipalName": "x" + Domain}},
	}
	for _, g := range []object{
		{"id": graphfake.SalesID, "displayName": "Sales", "groupTypes": []string{},
			"assignedLicenses": []any{object{"skuId": graphfake.E1ID, "disabledPlans": []string{}}}},
		{"id": DynamicID, "displayName": "Everybody", "groupTypes": []string{"DynamicMembership"},
			"assignedLicenses": []any{object{"skuId": graphfake.E1ID, "disabledPlans": []string{}}}},
		{"id": SyncedID, "displayName": "Synced", "onPremisesSyncEnabled": true},
		{"id": AdminsID, "displayName": "Admins", "isAssignableToRole": true},
		{"id": ListID, "displayName": "News", "mailEnabled": true, "groupTypes": []string{}},
	} {
		answers["GET /groups/"+g["id"].(string)] = graphfake.Answer{Status: 200, Body: g}
	}
	answers["GET /groups"] = values() // no group by name
	people := []object{
		member(1, "ana", holding(graphfake.E3ID, "", YammerPlan), holding(rareID, "")),
		member(2, "bo", holding(graphfake.E1ID, DynamicID)),
		member(3, "cy", holding(graphfake.E1ID, ""), holding(graphfake.E1ID, graphfake.SalesID)),
		with(member(4, "di"), "usageLocation", nil),
		member(5, "eve"),
		member(6, "fay"),
		with(member(7, "gus"), "onPremisesSyncEnabled", true),
		with(member(8, "hal", holding(graphfake.E3ID, "")), "accountEnabled", false),
		member(9, "ida"),
	}
	for _, p := range people {
		id := p["id"].(string)
		answers["GET /users/"+id] = graphfake.Answer{Status: 200, Body: p}
		answers["GET /users/"+p["userPrincipalName"].(string)] = graphfake.Answer{Status: 200, Body: p}
		answers["GET /users/"+id+"/memberOf"], answers["GET /users/"+id+"/transitiveMemberOf"] = values(), values()
	}
	inSales := values(object{"id": graphfake.SalesID, "displayName": "Sales"})
	answers["GET /users/"+UserID(3)+"/memberOf"], answers["GET /users/"+UserID(3)+"/transitiveMemberOf"] = inSales, inSales
	answers["GET /users/"+UserID(6)+"/transitiveMemberOf"] = values(object{"id": AdminsID, "displayName": "Admins"})
	f, client := graphfake.New(t, answers)
	return f, &tenant.Client{Graph: client, TenantID: "11111111-2222-3333-4444-555555555555", TenantName: "contoso",
		Root: f.URL}
}

var PlanTime = time.Date(2026, 11, 23, 5, 0, 0, 0, time.UTC)
