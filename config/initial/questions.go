package initial

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"m365lake/config"
	"m365lake/graph/cloud"
	"m365lake/internal/ids"
)

// A question asks for one answer. An empty line takes what is there.
type question struct {
	flag  string // that answers it as well
	text  string
	value *string
	check func(string) error
	skip  func() bool // nil is never
}

// Ask asks on out for what no flag gave, and again when an answer from in is wrong. Its questions suggest the
// answers that a holds already; an empty line takes them. It returns an error if in ends before.
func (a *Answers) Ask(in io.Reader, out io.Writer, given func(flag string) bool) error {
	guidOf := func(answer string) error {
		if !ids.IsGUID(answer) {
			return errors.New("that is not a GUID such as 12345678-1234-4234-8234-123456789012")
		}
		return nil
	}
	oneOf := func(known []string) func(string) error {
		return func(answer string) error {
			if !slices.Contains(known, answer) {
				return errors.New("write one of " + strings.Join(known, ", "))
			}
			return nil
		}
	}
	activity := "no"
	if a.SignInActivity {
		activity = "yes"
	}
	unlessWay := func(way string) func() bool { return func() bool { return a.SignIn != way } }
	questions := []question{
		{"name", "A short name for the tenant", &a.Name, func(answer string) error {
			if !config.IsTenantName(answer) {
				return errors.New("write lower-case letters, digits, - and _")
			}
			return nil
		}, nil},
		{"tenant-id", "Directory (tenant) ID, from the app registration's overview page", &a.TenantID, guidOf, nil},
		{"sign-in", "How to sign in (" + strings.Join(SignInWays(), ", ") + ")", &a.SignIn,
			oneOf(SignInWays()), nil},
		{"client-id", "Application (client) ID", &a.ClientID, func(answer string) error {
			if answer == "" && a.SignIn == "managed-identity" {
				return nil // the machine's own
			}
			return guidOf(answer)
		}, nil},
		{"secret-env", "Environment variable that will hold the client secret", &a.Secret, nil, unlessWay("secret")},
		{"certificate", "PEM or PFX file of the certificate", &a.Certificate, nil, unlessWay("certificate")},
		{"cloud", "Cloud (" + strings.Join(cloud.Names(), ", ") + ")", &a.Cloud,
			oneOf(cloud.Names()), func() bool { return a.Authority != "" }},
		{"sign-in-activity", "Ask for last sign-ins, which needs Entra ID P1 or P2 (yes, no)", &activity,
			oneOf([]string{"yes", "no"}), nil},
	}
	lines := bufio.NewScanner(in)
	for _, q := range questions {
		if given(q.flag) || q.skip != nil && q.skip() {
			continue
		}
		if err := q.askUntilRight(lines, out); err != nil {
			return err
		}
	}
	if !given("sign-in-activity") {
		a.SignInActivity = activity == "yes"
	}
	return nil
}

func (q question) askUntilRight(lines *bufio.Scanner, out io.Writer) error {
	for {
		fmt.Fprint(out, q.text)
		if *q.value != "" {
			fmt.Fprintf(out, " [%s]", *q.value)
		}
		fmt.Fprint(out, ": ")
		if !lines.Scan() {
			fmt.Fprintln(out)
			if err := lines.Err(); err != nil {
				return err
			}
			return errors.New("the input ended before all questions were answered")
		}
		answer := strings.TrimSpace(lines.Text())
		if answer == "" {
			answer = *q.value
		}
		var err error
		switch {
		case q.check != nil:
			err = q.check(answer)
		case answer == "":
			err = errors.New("an answer is needed")
		}
		if err == nil {
			*q.value = answer
			return nil
		}
		fmt.Fprintf(out, "  %v\n", err)
	}
}
