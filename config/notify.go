package config

import "go.yaml.in/yaml/v3"

// Notify is to whom messages about runs are sent. The URLs hold secrets, so the file names only their places.
type Notify struct {
	URLs        []Secret
	HealthCheck Secret
	// OnlyTrouble leaves out the messages of runs without gaps. The health check hears of every run.
	OnlyTrouble bool
	// NamedUsers is how many users a message names whose licences can be taken back.
	NamedUsers int
}

// HasRecipients reports whether messages or pings are sent to anybody.
func (c Notify) HasRecipients() bool { return len(c.URLs) > 0 || c.HealthCheck.IsSet() }

func (c *Notify) keys() mapping {
	return mapping{
		unset: func() bool { return !c.HasRecipients() && !c.OnlyTrouble && c.NamedUsers == 0 },
		keys: []key{
			{"urls", urlList{&c.URLs}},
			{"healthcheck", secret{field: &c.HealthCheck, beside: true}},
			{"when", occasion{&c.OnlyTrouble}},
			{"named_users", number{&c.NamedUsers, 0, 100}},
		},
	}
}

// urlList is a list of places of notification URLs.
type urlList struct{ field *[]Secret }

func (urlList) item(field *Secret) secret { return secret{field, "a notification URL", true} }

func (v urlList) read(r *reader, name string, n *yaml.Node) {
	*v.field = nil
	r.items(n, name, func(item *yaml.Node) {
		var url Secret
		v.item(&url).read(r, name, item)
		*v.field = append(*v.field, url)
	})
}

func (v urlList) show() *yaml.Node {
	if len(*v.field) == 0 {
		return nil
	}
	shown := &yaml.Node{Kind: yaml.SequenceNode}
	for i := range *v.field {
		shown.Content = append(shown.Content, v.item(&(*v.field)[i]).show())
	}
	return shown
}

func (v urlList) describe() *Schema { return describeList(v.item(new(Secret)).describe()) }

// occasion is when messages are sent: after every run, or only after one with gaps or errors.
type occasion struct{ onlyTrouble *bool }

const (
	onEveryRun = "always"
	onTrouble  = "trouble"
)

func (v occasion) word() choice {
	word := onEveryRun
	if *v.onlyTrouble {
		word = onTrouble
	}
	return choice{&word, []string{onEveryRun, onTrouble}}
}

func (v occasion) read(r *reader, name string, n *yaml.Node) {
	word := v.word()
	word.read(r, name, n)
	*v.onlyTrouble = *word.field == onTrouble
}

func (v occasion) show() *yaml.Node  { return v.word().show() }
func (v occasion) describe() *Schema { return v.word().describe() }
