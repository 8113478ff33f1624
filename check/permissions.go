package check

import (
	"context"
	"errors"
	"fmt"
	"m365lake/graph/auth"
	"m365lake/graph/permissions"
	"strings"

	"m365lake/extract"
	"m365lake/graph"
	"m365lake/pipeline/schedule"
)

// permissions holds what the token was granted against what the enabled sources need. The claims of
// a token are no contract, so that a question to Graph stands behind each of them.
func (k *tenantChecker) permissions(ctx context.Context, identity auth.Identity, opaque error) {
	needs := neededBy(schedule.Sources(k.Config))
	var needed []permissions.Permission
	for _, p := range permissions.ForReading() {
		dispensable, isNeeded := needs[p.Name]
		if !isNeeded {
			continue
		}
		needed = append(needed, p)
		if p.Name == permissions.ReportsReadAll && !k.tenant.Cloud.UsageReports() {
			k.addFinding("usage reports", Gap,
				"Microsoft offers them in the global cloud only: here sign-ins are all the use there is to see", "")
			continue
		}
		k.out.Findings = append(k.out.Findings, judge(identity, opaque, p, dispensable, k.probe(ctx, p.Name)))
	}
	k.out.Findings = append(k.out.Findings, k.settings...)
	if k.readerWrites() {
		needed = append(needed, permissions.ForWriting()...)
	}
	for _, name := range permissions.Excess(identity.Permissions, needed) {
		text := "granted, and nothing needs it"
		if p, covered := coveredBy(name, needed); covered {
			text = "granted, where " + p + " is enough"
		}
		k.addFinding(name, Note, text, "remove it from the app registration: less is safer")
	}
}

// neededBy are the permissions of sources, and whether each can be done without.
func neededBy(sources []extract.Source) map[string]bool {
	needs := map[string]bool{}
	for _, s := range sources {
		dispensable, seen := needs[s.Permission]
		needs[s.Permission] = s.Dispensable() && (dispensable || !seen)
	}
	return needs
}

// coveredBy finds the least permission that a larger one stands for.
func coveredBy(larger string, needed []permissions.Permission) (least string, found bool) {
	var names []string
	for _, p := range needed {
		if p.Name != larger && p.GrantedBy([]string{larger}) != "" {
			names = append(names, p.Name)
		}
	}
	return strings.Join(names, " + "), len(names) > 0
}

// judge judges one permission by the token and by Graph's answer to a question that needs it. The token could not
// be read if opaque is not nil.
func judge(identity auth.Identity, opaque error, p permissions.Permission, dispensable bool, answer error) Finding {
	missing := Gap
	if dispensable {
		missing = Note
	}
	var refused *graph.Error
	denied := errors.As(answer, &refused) && refused.Permission()
	by := p.GrantedBy(identity.Permissions)
	granted := fmt.Sprintf("granted (%s)", identity.Type())
	switch {
	case by == "" && denied, by == "" && answer != nil && opaque == nil:
		return Finding{
			p.Name, missing, fmt.Sprintf("missing (%s permission): %s", identity.Type(), PurposeOf(p.Name).Without),
			fmt.Sprintf("add it to the app registration's API permissions (Microsoft Graph, %s), "+
				"let an administrator consent, and wait some minutes", identity.Type()),
		}
	case denied:
		text, _ := withoutRemedy(answer) // it says to grant the permission, which is granted
		return Finding{
			p.Name, missing, "granted, but refused all the same: " + text,
			"wait some minutes after a consent; a person also needs a directory role",
		}
	case answer != nil && refused != nil && refused.NotPremium():
		return Finding{p.Name, OK, granted, ""} // the finding about premium licences tells the rest
	case answer != nil:
		text, remedy := withoutRemedy(answer)
		if by != "" {
			text = "granted, but " + text
		}
		return Finding{p.Name, missing, text, remedy}
	case by == "":
		return Finding{p.Name, OK, "works, though the token does not name it", ""}
	case by != p.Name:
		return Finding{
			p.Name, OK, fmt.Sprintf("granted by %s (%s), which allows more than is needed", by, identity.Type()), "",
		}
	}
	return Finding{p.Name, OK, granted, ""}
}
