// Package initial writes the first pipelines.yaml: the one that comes with the program, with the answers to a
// few questions filled in.
package initial

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"m365lake"
	"m365lake/config"
	"m365lake/graph/cloud"
	"m365lake/internal/text"
)

// Answers are what the first pipelines.yaml needs to know of a tenant. Their values are those of the flags of
// m365lake init, which errors name.
type Answers struct {
	Name, TenantID, ClientID string
	SignIn                   string // one of SignInWays
	Secret                   string // environment variable of the client secret
	Certificate              string // file
	Cloud                    string
	Authority, Graph         string // in place of Cloud
	Data                     string
	SignInActivity           bool
}

// SignInWays are the ways to sign in that Answers can name.
func SignInWays() []string {
	return []string{
		"secret", "certificate", config.FromKubernetes, config.FromGitHub, "managed-identity", "delegated",
	}
}

// Suggested are the answers that questions suggest and that hold where nobody answered.
func Suggested() Answers {
	return Answers{
		Name: "contoso", SignIn: "secret", Secret: "M365_CLIENT_SECRET", Cloud: "global", Data: "data",
		SignInActivity: true,
	}
}

var noLine = regexp.MustCompile(`(?m)^:\d+: `)

// Configuration returns the pipelines.yaml that comes with the program with the answers filled in. The error
// says which flag is missing or wrong; what it returns without one is a configuration that config.Parse reads.
func (a Answers) Configuration() (string, error) {
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
	for _, name := range cloud.Names() {
		if name != a.Cloud {
			others = append(others, name)
		}
	}
	where += strings.Join(others, ", ")
	if a.Authority != "" {
		where = fmt.Sprintf("endpoints: {authority: %q, graph: %q} # instead of cloud", a.Authority, a.Graph)
	}
	values := []lineValue{
		{begin: "data: ", value: plainOrQuoted(a.Data)},
		{begin: "  - name: ", value: plainOrQuoted(a.Name)},
		{begin: "    tenant_id: ", value: plainOrQuoted(a.TenantID)},
		{begin: "    client_secret: ", line: "    " + signIn},
		{begin: "    cloud: ", line: "    " + where},
		{begin: "sign_in_activity: ", value: fmt.Sprint(a.SignInActivity)},
	}
	if a.ClientID == "" {
		const without = "    # client_id: of an assigned identity; the machine's own has none"
		values = append(values, lineValue{begin: "    client_id: ", line: without})
	} else {
		values = append(values, lineValue{begin: "    client_id: ", value: plainOrQuoted(a.ClientID)})
	}
	content, err := fillIn(m365lake.Pipelines, values)
	if err != nil {
		return "", err
	}
	// What was typed must be right. The lines are those of a file that is not there yet.
	if _, err := config.Parse("", []byte(content)); err != nil {
		return "", errors.New(noLine.ReplaceAllString(err.Error(), ""))
	}
	return content, nil
}

var variableName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// signInLine is the line of client_secret, or of auth in its place.
func (a Answers) signInLine() (string, error) {
	switch a.SignIn {
	case "secret":
		if !variableName.MatchString(a.Secret) {
			return "", errors.New("--secret-env is no name of an environment variable, such as M365_CLIENT_SECRET; " +
				"the secret itself never stands in the file")
		}
		return fmt.Sprintf("client_secret: {env: %s} # or {file: PATH}", a.Secret), nil
	case "certificate":
		if a.Certificate == "" {
			return "", errors.New("--certificate is missing: name the PEM or PFX file")
		}
		return fmt.Sprintf("auth: {certificate: {file: %q}}", a.Certificate), nil
	case config.FromKubernetes, config.FromGitHub:
		return "auth: {federation: " + a.SignIn + "}", nil
	case "managed-identity":
		if a.ClientID == "" {
			return "auth: {managed_identity: system}", nil
		}
		return "auth: {managed_identity: user}", nil
	case "delegated":
		return "auth: {delegated: {}}", nil
	}
	return "", fmt.Errorf("--sign-in %q is no way to sign in%s", a.SignIn, text.Suggest(a.SignIn, SignInWays()))
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

// NextSteps returns lines that say what to do after the file is there.
func (a Answers) NextSteps(file string) string {
	steps := "Wrote " + file + ". Next:\n"
	switch a.SignIn {
	case "secret":
		steps += "  export " + a.Secret + "=...   # the client secret's value\n"
	case "delegated":
		steps += "  m365lake connect --config " + file + "\n"
	}
	return steps + "  m365lake check --config " + file + "\n  m365lake sync --config " + file + "\n"
}
