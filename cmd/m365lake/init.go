package main

import (
	"errors"
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"

	"github.com/google/renameio/v2"
	"github.com/spf13/cobra"
	"golang.org/x/term"

	"m365lake"
	"m365lake/graph"
	"m365lake/internal/text"
	"m365lake/pipeline/datafolder"
)

// initAnswers is what pipelines.yaml needs to be told of a tenant.
type initAnswers struct {
	Name, TenantID, ClientID string
	SignIn                   string // one of signInWays
	Secret                   string // environment variable of the client secret
	Certificate              string // file
	Cloud                    string
	Authority, Graph         string // in place of Cloud
	Data                     string
	SignInActivity           bool
}

// signInWays are the ways to sign in that init can write.
var signInWays = []string{"secret", "certificate", fromKubernetes, fromGitHub, "managed-identity", "delegated"}

func (p *program) initCommand() *cobra.Command {
	a := initAnswers{Name: "contoso", SignIn: "secret", Secret: "M365_CLIENT_SECRET", Cloud: "global", Data: "data", SignInActivity: true}
	var force bool
	cmd := &cobra.Command{
		Use:   "init",
		Short: "Write a commented pipelines.yaml after a few questions, or from flags",
		Long: `Write the configuration file, with a comment on every key. On a terminal it asks for what the
flags leave open; without one the flags must say it.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			before, err := os.ReadFile(p.config)
			untouched := err == nil && string(before) == m365lake.Pipelines // as it comes with the program
			if datafolder.Exists(p.config) && !untouched && !force {
				return usageError(fmt.Errorf("%s is there already; name another with --config, or overwrite it with --force", p.config))
			}
			if file, ok := p.in.(*os.File); ok && term.IsTerminal(int(file.Fd())) {
				if err := a.ask(p.in, p.err, cmd.Flags().Changed); err != nil {
					return usageError(err)
				}
			}
			text, err := a.configuration()
			if err != nil {
				return usageError(err)
			}
			if err := renameio.WriteFile(p.config, []byte(text), 0o600); err != nil {
				return nothingError(fmt.Errorf("cannot write %s: %w", p.config, withoutPath(err)))
			}
			fmt.Fprint(p.out, a.next(p.config))
			return nil
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&a.Name, "name", a.Name, "a short `name` for the tenant")
	flags.StringVar(&a.TenantID, "tenant-id", "", "Directory (tenant) ID of the app registration")
	flags.StringVar(&a.ClientID, "client-id", "", "Application (client) ID")
	flags.StringVar(&a.SignIn, "sign-in", a.SignIn, "`way` to sign in: "+strings.Join(signInWays, ", "))
	flags.StringVar(&a.Secret, "secret-env", a.Secret, "environment `variable` that holds the client secret")
	flags.StringVar(&a.Certificate, "certificate", "", "PEM or PFX `file`, for --sign-in certificate")
	flags.StringVar(&a.Cloud, "cloud", a.Cloud, "national cloud: "+strings.Join(graph.CloudNames(), ", "))
	flags.StringVar(&a.Authority, "authority", "", "`address` of the sign-in service of another cloud, or of a sandbox")
	flags.StringVar(&a.Graph, "graph", "", "`address` of its Microsoft Graph")
	flags.StringVar(&a.Data, "data-folder", a.Data, "`folder` of the data, from the configuration's folder")
	flags.BoolVar(&a.SignInActivity, "sign-in-activity", a.SignInActivity, "ask for last sign-ins (needs Entra ID P1 or P2)")
	flags.BoolVar(&force, "force", false, "overwrite the file")
	return cmd
}

var noLine = regexp.MustCompile(`(?m)^:\d+: `)

// configuration fills the answers into the pipelines.yaml that comes with the program.
func (a initAnswers) configuration() (string, error) {
	if a.TenantID == "" || a.ClientID == "" && a.SignIn != "managed-identity" {
		return "", errors.New("--tenant-id and --client-id are missing; the app registration's overview page shows both")
	}
	signIn, err := a.signInLine()
	if err != nil {
		return "", err
	}
	if (a.Authority == "") != (a.Graph == "") {
		return "", errors.New("--authority and --graph belong together; give both, or a --cloud")
	}
	where := "cloud: " + a.Cloud + " # or "
	var others []string
	for _, name := range graph.CloudNames() {
		if name != a.Cloud {
			others = append(others, name)
		}
	}
	where += strings.Join(others, ", ")
	if a.Authority != "" {
		where = fmt.Sprintf("endpoints: {authority: %q, graph: %q} # instead of cloud", a.Authority, a.Graph)
	}
	values := []lineValue{
		{begin: "data: ", value: plainOrQuoted(a.Data)}, {begin: "  - name: ", value: plainOrQuoted(a.Name)},
		{begin: "    tenant_id: ", value: plainOrQuoted(a.TenantID)}, {begin: "    client_secret: ", line: "    " + signIn},
		{begin: "    cloud: ", line: "    " + where}, {begin: "sign_in_activity: ", value: fmt.Sprint(a.SignInActivity)},
	}
	if a.ClientID == "" {
		values = append(values, lineValue{begin: "    client_id: ", line: "    # client_id: of an assigned identity; the machine's own has none"})
	} else {
		values = append(values, lineValue{begin: "    client_id: ", value: plainOrQuoted(a.ClientID)})
	}
	text, err := fillIn(m365lake.Pipelines, values)
	if err != nil {
		return "", err
	}
	// What was typed must be right. The lines are those of a file that is not there yet.
	if _, err := parseConfig("", []byte(text), true); err != nil {
		return "", errors.New(noLine.ReplaceAllString(err.Error(), ""))
	}
	return text, nil
}

var variableName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// signInLine is the line of client_secret, or of auth in its place.
func (a initAnswers) signInLine() (string, error) {
	switch a.SignIn {
	case "secret":
		if !variableName.MatchString(a.Secret) {
			return "", errors.New("--secret-env is no name of an environment variable, such as M365_CLIENT_SECRET; the secret itself never stands in the file")
		}
		return fmt.Sprintf("client_secret: {env: %s} # or {file: PATH}", a.Secret), nil
	case "certificate":
		if a.Certificate == "" {
			return "", errors.New("--certificate is missing: name the PEM or PFX file")
		}
		return fmt.Sprintf("auth: {certificate: {file: %q}}", a.Certificate), nil
	case fromKubernetes, fromGitHub:
		return "auth: {federation: " + a.SignIn + "}", nil
	case "managed-identity":
		if a.ClientID == "" {
			return "auth: {managed_identity: system}", nil
		}
		return "auth: {managed_identity: user}", nil
	case "delegated":
		return "auth: {delegated: {}}", nil
	}
	return "", fmt.Errorf("--sign-in %q is no way to sign in%s", a.SignIn, text.Suggest(a.SignIn, signInWays))
}

var plainText = regexp.MustCompile(`^[A-Za-z0-9_./-]+$`)

// plainOrQuoted is a text as YAML takes it for nothing else.
func plainOrQuoted(text string) string {
	if plainText.MatchString(text) {
		return text
	}
	return strconv.Quote(text)
}

// A lineValue is what shall stand behind the beginning of a line, or the line in its place.
type lineValue struct{ begin, value, line string }

// fillIn changes the one line that begins so. Behind a value the line's comment is kept.
func fillIn(text string, values []lineValue) (string, error) {
	lines := strings.Split(text, "\n")
	for _, v := range values {
		found := 0
		for i, line := range lines {
			rest, ok := strings.CutPrefix(line, v.begin)
			if !ok {
				continue
			}
			found++
			_, comment, hasComment := strings.Cut(rest, " #")
			switch {
			case v.line != "":
				lines[i] = v.line
			case hasComment:
				lines[i] = v.begin + v.value + " #" + comment
			default:
				lines[i] = v.begin + v.value
			}
		}
		if found != 1 {
			return "", fmt.Errorf("pipelines.yaml has %d lines that begin with %q", found, v.begin)
		}
	}
	return strings.Join(lines, "\n"), nil
}

// next is what to do after the file is there.
func (a initAnswers) next(file string) string {
	steps := "Wrote " + file + ". Next:\n"
	switch a.SignIn {
	case "secret":
		steps += "  export " + a.Secret + "=...   # the client secret's value\n"
	case "delegated":
		steps += "  m365lake connect --config " + file + "\n"
	}
	return steps + "  m365lake check --config " + file + "\n  m365lake sync --config " + file + "\n"
}
