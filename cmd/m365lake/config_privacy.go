package main

import (
	"errors"
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"m365lake/load/warehouse"
)

// retentionConfig is how long each layer is kept; the zero age is for ever.
type retentionConfig struct {
	Raw, Lake, History age
	Prune              bool // in every sync
}

// leastLakeAge is what the views and the plan of single days look back: 13 weeks.
const leastLakeAge = 100

// An age is a span of the calendar.
type age struct{ years, days int }

var agePattern = regexp.MustCompile(`^([1-9][0-9]{0,4})([dwy])$`)

// parseAge reads 30d, 26w or 3y.
func parseAge(text string) (age, error) {
	parts := agePattern.FindStringSubmatch(text)
	if parts == nil {
		return age{}, fmt.Errorf("%q must be a number of days, weeks or years such as 30d, 26w or 3y", text)
	}
	number, err := strconv.Atoi(parts[1])
	if err != nil {
		return age{}, err
	}
	switch parts[2] {
	case "y":
		return age{years: number}, nil
	case "w":
		number *= 7
	}
	return age{days: number}, nil
}

func (a age) set() bool { return a != age{} }

func (a age) inDays() int { return a.years*365 + a.days }

// before is the first day that is kept on a day; what is older is past its age.
func (a age) before(day time.Time) time.Time { return day.AddDate(-a.years, 0, -a.days) }

// check refuses an age of the lake that the views could not do with.
func (r retentionConfig) check() error {
	if r.Lake.set() && r.Lake.years == 0 && r.Lake.days < leastLakeAge {
		return fmt.Errorf("lake: %d days are too few: views look back 13 weeks; keep at least %dd", r.Lake.days, leastLakeAge)
	}
	if r.History.set() && (!r.Lake.set() || r.History.inDays() < r.Lake.inDays()) {
		return errors.New("history must not be shorter than lake: it says who the facts of the lake are about")
	}
	return nil
}

func (p *configParser) retention(n *yaml.Node, r *retentionConfig) {
	layer := func(a *age) func(*yaml.Node) {
		return func(n *yaml.Node) {
			text := p.text(n)
			p.describe(n, func(s *jsonSchema) { s.Pattern = agePattern.String() })
			if text == "" {
				return
			}
			var err error
			if *a, err = parseAge(text); err != nil {
				p.fault(n, "%s: %v", p.keys[n], err)
			}
		}
	}
	p.mapping(n, "retention", map[string]func(*yaml.Node){
		"raw": layer(&r.Raw), "lake": layer(&r.Lake), "history": layer(&r.History),
		"prune": func(n *yaml.Node) { r.Prune = p.flag(n) },
	})
	if err := r.check(); err != nil {
		p.fault(n, "%v", err)
	}
}

// privacyConfig is how exports are made; without a key they tell who is who.
type privacyConfig struct {
	Key          secretConfig
	MinGroupSize int
}

// Fewer than five are easily told apart by those who know them.
const defaultMinGroupSize = 5

// leastKey is how many characters a key must have: half of what openssl rand -hex 16 gives would do
// for chance, but people invent keys.
const leastKey = 32

func (p *configParser) privacy(n *yaml.Node, c *privacyConfig) {
	c.MinGroupSize = defaultMinGroupSize
	p.mapping(n, "privacy", map[string]func(*yaml.Node){
		"key":            func(n *yaml.Node) { c.Key = p.secret(n, "the key of the pseudonyms") },
		"min_group_size": func(n *yaml.Node) { c.MinGroupSize = p.number(n, 1, 10_000) },
	})
	p.describe(n, func(s *jsonSchema) { s.Required = []string{"key"} })
	if n.Kind == yaml.MappingNode && !hasKey(n, "key") {
		p.fault(n, "privacy needs one key for its pseudonyms: write key: {env: NAME} or key: {file: PATH}")
	}
}

// exports is how views are exported; nil tells who is who.
func (c privacyConfig) exports() (*warehouse.Privacy, error) {
	if c.Key == (secretConfig{}) {
		return nil, nil
	}
	const remedy = "make one with openssl rand -hex 32"
	var key string
	if c.Key.Env != "" {
		if key = os.Getenv(c.Key.Env); key == "" {
			return nil, fmt.Errorf("privacy: environment variable %s is empty; set it to the key of the pseudonyms (%s)", c.Key.Env, remedy)
		}
	} else {
		text, err := os.ReadFile(c.Key.File)
		if errors.Is(err, os.ErrNotExist) {
			return nil, fmt.Errorf("privacy: key file %s does not exist; %s", c.Key.File, remedy)
		}
		if err != nil {
			return nil, fmt.Errorf("privacy: %w", err)
		}
		key = string(text)
	}
	key = strings.TrimSpace(key)
	if len(key) < leastKey {
		return nil, fmt.Errorf("privacy: the key has %d characters and could be guessed; it needs %d: %s", len(key), leastKey, remedy)
	}
	return &warehouse.Privacy{Key: []byte(key), MinGroupSize: c.MinGroupSize}, nil
}
