package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"m365lake/pipeline/datafolder"
	"m365lake/pipeline/productnames"
)

func (p *program) namesCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "names",
		Short: "What Microsoft's products are called",
	}
	cmd.AddCommand(p.namesRefreshCommand())
	return cmd
}

func (p *program) namesRefreshCommand() *cobra.Command {
	var from string
	cmd := &cobra.Command{
		Use:   "refresh",
		Short: "Fetch Microsoft's list of product names, for products newer than this program",
		Long: `Fetch Microsoft's list of product names and keep it in the data folder, from where the next sync
takes it. The program brings a list of its own; this is for products that are newer. Where the
list cannot be fetched, download it elsewhere and name the file with --from.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			data, err := p.dataFolder()
			if err != nil {
				return err
			}
			return p.refreshNames(cmd.Context(), data, from)
		},
	}
	cmd.Flags().StringVar(&from, "from", productnames.Published, "`file or URL` of the list")
	return cmd
}

// refreshNames fetches the list and shows what changed.
func (p *program) refreshNames(ctx context.Context, data datafolder.Folder, from string) error {
	result, err := productnames.Refresh(ctx, data, from)
	if result.Unused != nil {
		fmt.Fprintf(p.err, "m365lake: the list that was there is not used: %v\n", result.Unused)
	}
	if err != nil {
		return nothingError(err)
	}
	for _, line := range result.Changes {
		fmt.Fprintln(p.out, line)
	}
	if result.Damaged > 0 {
		fmt.Fprintf(p.out, "%d rows with damaged ids were left out\n", result.Damaged)
	}
	fmt.Fprintf(p.out, "%s: %d products are known from the next sync on\n", result.File, result.Products)
	return nil
}
