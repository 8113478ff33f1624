package provision

import (
	"context"
	"database/sql"
)

// Draft makes a plan of the tenant as it is now. It reads what the actions are about from Graph and,
// where there is one, from the warehouse, and changes nothing.
func Draft(ctx context.Context, d *Directory, warehouse *sql.DB, protections []Protection, in PlanInput) (*Plan, error) {
	var err error
	if in.Tenant, err = d.Read(ctx, in.Needs(d.TenantID, d.TenantName), protections, in.Settings.ProtectAdmins); err != nil {
		return nil, err
	}
	if warehouse != nil {
		if in.Facts, err = ReadFacts(ctx, warehouse, d.TenantID, in.Tenant.UserIDs()); err != nil {
			return nil, err
		}
	}
	in.ID = NewPlanID(in.Now)
	return MakePlan(in), nil
}
