package config

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"time"

	"go.yaml.in/yaml/v3"
)

// Retention is how long each layer is kept; the zero Age is without end.
type Retention struct {
	Raw, Lake, History Age
	Prune              bool // in every sync
}

// leastLakeAge is what the views and the plan of single days look back, in days: 13 weeks.
const leastLakeAge = 100

// An Age is a span of the calendar.
type Age struct{ years, days int }

var agePattern = regexp.MustCompile(`^([1-9][0-9]{0,4})([dwy])$`)

// ParseAge reads 30d, 26w or 3y. It returns an error that shows the form for everything else, the empty text
// included.
func ParseAge(text string) (Age, error) {
	parts := agePattern.FindStringSubmatch(text)
	if parts == nil {
		return Age{}, fmt.Errorf("%q must be a number of days, weeks or years such as 30d, 26w or 3y", text)
	}
	number, err := strconv.Atoi(parts[1])
	if err != nil {
		return Age{}, err
	}
	switch parts[2] {
	case "y":
		return Age{years: number}, nil
	case "w":
		number *= 7
	}
	return Age{days: number}, nil
}

// IsSet says whether anything is ever too old.
func (a Age) IsSet() bool { return a != Age{} }

// Before returns the first day that is kept on a day; what is older is past its age.
func (a Age) Before(day time.Time) time.Time { return day.AddDate(-a.years, 0, -a.days) }

func (a Age) inDays() int { return a.years*365 + a.days }

// String is what ParseAge reads, and "" for an Age without end.
func (a Age) String() string {
	switch {
	case a.years > 0:
		return strconv.Itoa(a.years) + "y"
	case a.days > 0:
		return strconv.Itoa(a.days) + "d"
	}
	return ""
}

// Check returns an error for ages that the views could not do with.
func (c Retention) Check() error {
	if c.Lake.IsSet() && c.Lake.years == 0 && c.Lake.days < leastLakeAge {
		return fmt.Errorf("lake: %d days are too few: views look back 13 weeks; keep at least %dd",
			c.Lake.days, leastLakeAge)
	}
	if c.History.IsSet() && (!c.Lake.IsSet() || c.History.inDays() < c.Lake.inDays()) {
		return errors.New("history must not be shorter than lake: it says who the facts of the lake are about")
	}
	return nil
}

func (c *Retention) keys() mapping {
	return mapping{
		unset: func() bool { return *c == Retention{} },
		keys: []key{
			{"raw", age{&c.Raw}},
			{"lake", age{&c.Lake}},
			{"history", age{&c.History}},
			{"prune", flag{&c.Prune}},
		},
		check: func(r *reader, m found) {
			if err := c.Check(); err != nil {
				r.fault(m.node, "%v", err)
			}
		},
	}
}

// age is how long a layer is kept.
type age struct{ field *Age }

func (v age) read(r *reader, name string, n *yaml.Node) {
	var given string
	words{&given}.read(r, name, n)
	if given == "" {
		return
	}
	var err error
	if *v.field, err = ParseAge(given); err != nil {
		r.fault(n, "%s: %v", name, err)
	}
}

func (v age) show() *yaml.Node {
	shown := v.field.String()
	return words{&shown}.show()
}

func (age) describe() *Schema { return &Schema{Type: "string", Pattern: agePattern.String()} }
