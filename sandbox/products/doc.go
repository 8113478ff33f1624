// Package products is the products (SKUs) that a tenant owns, the service plans in them, the apps that plans give, and
// which plans exclude or need each other. To add a product, add it to SKUs and its plans to plans.csv.
//
// Source: https://learn.microsoft.com/entra/identity/users/licensing-service-plan-reference
package products
