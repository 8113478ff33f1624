package provision

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// Ids of the tenant below.
const (
	domain     = "@contoso.com"
	companyID  = "00000000-0000-0000-0000-0000000000c0"
	expiredID  = "00000000-0000-0000-0000-0000000000c1"
	twinID     = "00000000-0000-0000-0000-0000000000c2"
	otherTwin  = "00000000-0000-0000-0000-0000000000c3"
	phoneID    = "00000000-0000-0000-0000-0000000000c4"
	rareID     = "00000000-0000-0000-0000-0000000000c5"
	mailPlan1  = "cccccccc-0000-0000-0000-000000000001"
	mailPlan2  = "cccccccc-0000-0000-0000-000000000002"
	drivePlan1 = "cccccccc-0000-0000-0000-000000000003"
	drivePlan2 = "cccccccc-0000-0000-0000-000000000004"
	phonePlan  = "cccccccc-0000-0000-0000-000000000005"
	yammerPlan = "cccccccc-0000-0000-0000-000000000006"
	dynamicID  = "bbbbbbbb-0000-0000-0000-000000000002"
	syncedID   = "bbbbbbbb-0000-0000-0000-000000000003"
	adminsID   = "bbbbbbbb-0000-0000-0000-000000000004"
	listID     = "bbbbbbbb-0000-0000-0000-000000000005"
	roleID     = "dddddddd-0000-0000-0000-000000000001"
)

type object = map[string]any

func values(all ...any) fakeAnswer {
	return fakeAnswer{status: 200, body: object{"value": append([]any{}, all...)}}
}

func sku(id, part string, bought, consumed int, plans ...string) object {
	var list []any
	for i := 0; i < len(plans); i += 2 {
		list = append(list, object{"servicePlanId": plans[i], "servicePlanName": plans[i+1], "appliesTo": "User"})
	}
	return object{"skuId": id, "skuPartNumber": part, "capabilityStatus": "Enabled", "appliesTo": "User", "consumedUnits": consumed,
		"prepaidUnits": object{"enabled": bought, "warning": 0}, "servicePlans": list}
}

func with(o object, name string, value any) object { o[name] = value; return o }

// userID gives the n-th user of the tenant an id.
func userID(n int) string { return fmt.Sprintf("aaaaaaaa-0000-0000-0000-%012d", n) }

// holding is a licence state: of a group, or directly when group is empty.
func holding(sku, group string, without ...string) object {
	by := any(nil)
	if group != "" {
		by = group
	}
	return object{"skuId": sku, "disabledPlans": append([]string{}, without...), "assignedByGroup": by, "state": "Active", "error": "None"}
}

func member(n int, name string, states ...object) object {
	licenses, list := []any{}, []any{}
	for _, s := range states {
		list = append(list, s)
		licenses = append(licenses, object{"skuId": s["skuId"], "disabledPlans": s["disabledPlans"]})
	}
	return object{"id": userID(n), "userPrincipalName": name + domain, "displayName": strings.ToUpper(name[:1]) + name[1:], "userType": "Member",
		"accountEnabled": true, "usageLocation": "DE", "signInSessionsValidFromDateTime": "2026-01-01T00:00:00Z",
		"assignedLicenses": licenses, "licenseAssignmentStates": list}
}

// contoso is a small tenant with one of each trouble.
func contoso(t *testing.T) (*fakeGraph, *Directory) {
	t.Helper()
	answers := map[string]fakeAnswer{
		"GET /organization": values(object{"id": "11111111-2222-3333-4444-555555555555", "verifiedDomains": []any{object{"name": "Contoso.com"}}}),
		"GET /users":        {status: 200, body: object{"@odata.count": 40, "value": []any{object{"id": userID(1)}}}},
		"GET /subscribedSkus": values(
			sku(e3ID, "SPE_E3", 10, 8, mailPlan2, "EXCHANGE_S_ENTERPRISE", drivePlan2, "SHAREPOINTENTERPRISE", yammerPlan, "YAMMER_ENTERPRISE"),
			sku(e1ID, "STANDARDPACK", 3, 3, mailPlan1, "EXCHANGE_S_STANDARD", drivePlan1, "SHAREPOINTSTANDARD", yammerPlan, "YAMMER_ENTERPRISE"),
			sku(phoneID, "MCOEV", 5, 0, phonePlan, "MCOEV"),
			sku(rareID, "RARE", 2, 1),
			with(sku(companyID, "WHOLE", 5, 0), "appliesTo", "Company"),
			with(sku(expiredID, "OLD", 5, 0), "capabilityStatus", "Suspended"),
			sku(twinID, "TWIN", 5, 0), sku(otherTwin, "twin", 5, 0)),
		"GET /roleManagement/directory/roleDefinitions": values(object{"id": roleID, "displayName": "User Administrator", "templateId": roleID}),
		"GET /roleManagement/directory/roleAssignments": values(
			object{"principalId": userID(5), "roleDefinitionId": roleID}, object{"principalId": adminsID, "roleDefinitionId": roleID}),
		"GET /directory/deletedItems/microsoft.graph.user": values(
			object{"id": userID(20), "userPrincipalName": strings.ReplaceAll(userID(20), "-", "") + "left" + domain, "displayName": "Left"},
			object{"id": userID(21), "userPrincipalName": strings.ReplaceAll(userID(21), "-", "") + "twice" + domain},
			object{"id": userID(22), "userPrincipalName": strings.ReplaceAll(userID(22), "-", "") + "twice" + domain}),
		"GET /directory/deletedItems/" + userID(20): {status: 200, body: object{"id": userID(20), "userPrincipalName": "x" + domain}},
	}
	for _, g := range []object{
		{"id": salesID, "displayName": "Sales", "groupTypes": []string{}, "assignedLicenses": []any{object{"skuId": e1ID, "disabledPlans": []string{}}}},
		{"id": dynamicID, "displayName": "Everybody", "groupTypes": []string{"DynamicMembership"}, "assignedLicenses": []any{object{"skuId": e1ID, "disabledPlans": []string{}}}},
		{"id": syncedID, "displayName": "Synced", "onPremisesSyncEnabled": true},
		{"id": adminsID, "displayName": "Admins", "isAssignableToRole": true},
		{"id": listID, "displayName": "News", "mailEnabled": true, "groupTypes": []string{}},
	} {
		answers["GET /groups/"+g["id"].(string)] = fakeAnswer{status: 200, body: g}
	}
	answers["GET /groups"] = values() // no group by name
	people := []object{
		member(1, "ana", holding(e3ID, "", yammerPlan), holding(rareID, "")),
		member(2, "bo", holding(e1ID, dynamicID)),
		member(3, "cy", holding(e1ID, ""), holding(e1ID, salesID)),
		with(member(4, "di"), "usageLocation", nil),
		member(5, "eve"),
		member(6, "fay"),
		with(member(7, "gus"), "onPremisesSyncEnabled", true),
		with(member(8, "hal", holding(e3ID, "")), "accountEnabled", false),
		member(9, "ida"),
	}
	for _, p := range people {
		id := p["id"].(string)
		answers["GET /users/"+id] = fakeAnswer{status: 200, body: p}
		answers["GET /users/"+p["userPrincipalName"].(string)] = fakeAnswer{status: 200, body: p}
		answers["GET /users/"+id+"/memberOf"], answers["GET /users/"+id+"/transitiveMemberOf"] = values(), values()
	}
	inSales := values(object{"id": salesID, "displayName": "Sales"})
	answers["GET /users/"+userID(3)+"/memberOf"], answers["GET /users/"+userID(3)+"/transitiveMemberOf"] = inSales, inSales
	answers["GET /users/"+userID(6)+"/transitiveMemberOf"] = values(object{"id": adminsID, "displayName": "Admins"})
	f, client := newFakeGraph(t, answers)
	return f, &Directory{Client: client, TenantID: "11111111-2222-3333-4444-555555555555", TenantName: "contoso", Root: f.url}
}

var planTime = time.Date(2026, 11, 23, 5, 0, 0, 0, time.UTC)
