package check

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"m365lake/graph/permissions"
	"net/http"
	"strings"

	"m365lake/extract"
	"m365lake/graph"
	"m365lake/pipeline/schedule"
)

// ask reads the first page at path into answer.
func (k *tenantChecker) ask(ctx context.Context, path string, answer any) error {
	header := http.Header{}
	if strings.Contains(path, "$count=true") {
		header.Set("ConsistencyLevel", "eventual")
	}
	for page, err := range k.client.Pages(ctx, path, header) {
		if err != nil {
			return err
		}
		if err := json.Unmarshal(page.Body, answer); err != nil {
			return fmt.Errorf("%s: the answer is not what Graph answers: %w", strings.SplitN(path, "?", 2)[0], err)
		}
		return nil
	}
	return nil
}

// probe asks Graph for a little of what needs the permission, and notes what the answer tells.
func (k *tenantChecker) probe(ctx context.Context, permission string) error {
	switch permission {
	case permissions.OrganizationReadAll:
		k.organization(ctx)
		return k.ask(ctx, "/v1.0/directory/subscriptions", &struct{}{})
	case permissions.UserReadAll:
		return k.usageLocations(ctx)
	case permissions.GroupMemberReadAll:
		return k.ask(ctx, "/v1.0/groups?$select=id&$top=1", &struct{}{})
	case permissions.RoleManagementRead:
		return k.ask(ctx, "/v1.0/roleManagement/directory/roleAssignments", &struct{}{})
	case permissions.ReportSettingsRead:
		return k.reportSettings(ctx)
	case permissions.AuditLogReadAll:
		return k.signIns(ctx)
	case permissions.ReportsReadAll:
		return k.usageReport(ctx)
	}
	return nil
}

// usageReport begins to download one report: it costs one of Microsoft's 14 calls of that report. A count
// report is the smallest, and a run asks for it once.
func (k *tenantChecker) usageReport(ctx context.Context) error {
	var counts, users []extract.Source
	for _, s := range schedule.Sources(k.Config) {
		switch {
		case s.Counts != nil:
			counts = append(counts, s)
		case s.Report != nil:
			users = append(users, s)
		}
	}
	for _, s := range append(counts, users...) {
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
