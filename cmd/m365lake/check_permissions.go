package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"m365lake/config"
	"m365lake/extract"
	"m365lake/graph"
	"m365lake/pipeline/schedule"
)

// permissions holds what the token was granted against what the enabled sources need. The claims of
// a token are no contract, so that a question to Graph stands behind each of them.
func (k *tenantChecker) permissions(ctx context.Context, identity graph.Identity, opaque error) {
	needs := neededBy(k.config)
	var needed []graph.Permission
	for _, p := range graph.Permissions() {
		dispensable, isNeeded := needs[p.Name]
		if !isNeeded {
			continue
		}
		needed = append(needed, p)
		if p.Name == graph.ReportsReadAll && !k.tenant.Cloud.UsageReports() {
			k.add("usage reports", statusGap, "Microsoft offers them in the global cloud only: here sign-ins are all the use there is to see", "")
			continue
		}
		k.add(k.permission(identity, opaque, p, dispensable, k.probe(ctx, p.Name)))
	}
	k.out.Findings = append(k.out.Findings, k.settings...)
	if k.readerWrites() {
		needed = append(needed, graph.WritePermissions()...)
	}
	for _, name := range graph.Excess(identity.Permissions, needed) {
		text := "granted, and nothing needs it"
		if p, covered := coveredBy(name, needed); covered {
			text = "granted, where " + p + " is enough"
		}
		k.add(name, statusNote, text, "remove it from the app registration: less is safer")
	}
}

// neededBy are the permissions of the enabled sources, and whether each can be done without.
func neededBy(c config.Config) map[string]bool {
	needs := map[string]bool{}
	for _, s := range schedule.Sources(c) {
		dispensable, seen := needs[s.Permission]
		needs[s.Permission] = s.Dispensable() && (dispensable || !seen)
	}
	return needs
}

// coveredBy finds the least permission that a larger one stands for.
func coveredBy(larger string, needed []graph.Permission) (least string, found bool) {
	var names []string
	for _, p := range needed {
		if p.Name != larger && p.GrantedBy([]string{larger}) != "" {
			names = append(names, p.Name)
		}
	}
	return strings.Join(names, " + "), len(names) > 0
}

// permission judges one permission by the token and by Graph's answer.
func (k *tenantChecker) permission(identity graph.Identity, opaque error, p graph.Permission, dispensable bool, answer error) (subject string, status findingStatus, text, remedy string) {
	missing := statusGap
	if dispensable {
		missing = statusNote
	}
	var refused *graph.Error
	denied := errors.As(answer, &refused) && refused.Permission()
	by := p.GrantedBy(identity.Permissions)
	granted := fmt.Sprintf("granted (%s)", identity.Type())
	grant := fmt.Sprintf("add it to the app registration's API permissions (Microsoft Graph, %s), let an administrator consent, and wait some minutes", identity.Type())
	switch {
	case by == "" && denied, by == "" && answer != nil && opaque == nil:
		return p.Name, missing, fmt.Sprintf("missing (%s permission): %s", identity.Type(), p.Without), grant
	case denied:
		text, _ := withoutRemedy(answer)
		return p.Name, missing, "granted, but refused all the same: " + text, "wait some minutes after a consent; a person also needs a directory role"
	case answer != nil && refused != nil && refused.NotPremium():
		return p.Name, statusOK, granted, "" // premium says the rest
	case answer != nil:
		text, remedy := withoutRemedy(answer)
		if by != "" {
			text = "granted, but " + text
		}
		return p.Name, missing, text, remedy
	case by == "":
		return p.Name, statusOK, "works, though the token does not name it", ""
	case by != p.Name:
		return p.Name, statusOK, fmt.Sprintf("granted by %s (%s), which allows more than is needed", by, identity.Type()), ""
	}
	return p.Name, statusOK, granted, ""
}

// probe asks Graph for a little of what needs the permission, and notes what the answer tells.
func (k *tenantChecker) probe(ctx context.Context, permission string) error {
	switch permission {
	case graph.OrganizationReadAll:
		k.organization(ctx)
		return k.ask(ctx, "/v1.0/directory/subscriptions", &struct{}{})
	case graph.UserReadAll:
		return k.usageLocations(ctx)
	case graph.GroupMemberReadAll:
		return k.ask(ctx, "/v1.0/groups?$select=id&$top=1", &struct{}{})
	case graph.RoleManagementRead:
		return k.ask(ctx, "/v1.0/roleManagement/directory/roleAssignments", &struct{}{})
	case graph.ReportSettingsRead:
		return k.reportSettings(ctx)
	case graph.AuditLogReadAll:
		return k.signIns(ctx)
	case graph.ReportsReadAll:
		return k.report(ctx)
	}
	return nil
}

// report begins to download one report: it costs one of Microsoft's 14 calls of that report. A count
// report is the smallest, and a run asks for it once.
func (k *tenantChecker) report(ctx context.Context) error {
	sources := append(extract.CountSources(k.config.Counts, k.config.Periods), extract.ReportSources(k.config.Reports, k.config.Periods)...)
	for _, s := range sources {
		download, err := k.client.Report(ctx, s.Path)
		var refused *graph.Error
		if errors.As(err, &refused) && refused.Absent() && s.Fallback == "" && !unknownTenant(refused) {
			continue // this tenant or cloud lacks the report, which says nothing of the others
		}
		if err != nil {
			return err
		}
		return download.Body.Close()
	}
	return nil
}

// unknownTenant is the refusal of a tenant that the report service does not know at all.
func unknownTenant(refused *graph.Error) bool { return refused.Code == "UnknownTenantId" }
