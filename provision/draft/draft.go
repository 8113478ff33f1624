package draft

import (
	"context"
	"database/sql"

	"m365lake/provision"
	"m365lake/provision/facts"
	"m365lake/provision/plan"
	"m365lake/provision/tenant"
)

// Draft makes a plan of the tenant as it is now. It reads what the actions are about from Graph and,
// where there is one, from the warehouse, and changes nothing.
func Draft(
	ctx context.Context, d *tenant.Client, warehouse *sql.DB, protections []provision.Protection, in plan.Input,
) (*provision.Plan, error) {
	var err error
	if in.Tenant, err = d.Read(ctx, in.Needs(d.TenantID, d.TenantName), protections,
		in.Settings.ProtectAdmins); err != nil {
		return nil, err
	}
	if warehouse != nil {
		if in.Facts, err = facts.Read(ctx, warehouse, d.TenantID, in.Tenant.UserIDs()); err != nil {
			return nil, err
		}
	}
	in.ID = plan.NewID(in.Now)
	return plan.Make(in), nil
}
