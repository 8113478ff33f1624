package main

import "strconv"

// What config show prints of keys that may be absent; their shown is nil then.

type shownProvisioning struct {
	Enabled bool `yaml:"enabled"`
}

type shownWriter struct {
	ClientID string         `yaml:"client_id,omitempty"`
	Secret   *shownSecret   `yaml:"client_secret,omitempty"`
	Auth     map[string]any `yaml:"auth,omitempty"`
}

type shownNotify struct {
	URLs        []*shownSecret `yaml:"urls,omitempty"`
	HealthCheck *shownSecret   `yaml:"healthcheck,omitempty"`
	When        string         `yaml:"when"`
	NamedUsers  int            `yaml:"named_users"`
}

type shownMetrics struct {
	File string `yaml:"file"`
}

type shownRetention struct {
	Raw     string `yaml:"raw,omitempty"`
	Lake    string `yaml:"lake,omitempty"`
	History string `yaml:"history,omitempty"`
	Prune   bool   `yaml:"prune"`
}

type shownPrivacy struct {
	Key          *shownSecret `yaml:"key"`
	MinGroupSize int          `yaml:"min_group_size"`
}

func (c notifyConfig) shown() *shownNotify {
	if !c.anyone() && !c.OnlyTrouble && c.NamedUsers == 0 {
		return nil
	}
	s := &shownNotify{HealthCheck: c.HealthCheck.shown(), When: alwaysTold, NamedUsers: c.NamedUsers}
	if c.OnlyTrouble {
		s.When = inTrouble
	}
	for _, url := range c.URLs {
		s.URLs = append(s.URLs, url.shown())
	}
	return s
}

func (c metricsConfig) shown() *shownMetrics {
	if c.File == "" {
		return nil
	}
	return &shownMetrics{c.File}
}

func (r retentionConfig) shown() *shownRetention {
	if r == (retentionConfig{}) {
		return nil
	}
	return &shownRetention{r.Raw.String(), r.Lake.String(), r.History.String(), r.Prune}
}

// String is what parseAge reads, and "" for ever.
func (a age) String() string {
	switch {
	case a.years > 0:
		return strconv.Itoa(a.years) + "y"
	case a.days > 0:
		return strconv.Itoa(a.days) + "d"
	}
	return ""
}

func (c privacyConfig) shown() *shownPrivacy {
	if c.Key == (secretConfig{}) {
		return nil
	}
	return &shownPrivacy{c.Key.shown(), c.MinGroupSize}
}
