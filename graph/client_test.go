package graph

import (
	"m365lake/graph/cloud"
	"strings"
	"testing"
)

func TestNewRefusesWhatCannotWork(t *testing.T) {
	global, err := cloud.ByName("")
	if err != nil {
		t.Fatal(err)
	}
	ok := Options{Cloud: global, Credentials: testCredentials}
	if _, err := New(ok); err != nil {
		t.Fatal(err)
	}
	for want, change := range map[string]func(*Options){
		"no host":                func(o *Options) { o.Cloud = cloud.Cloud{} },
		"client secret is empty": func(o *Options) { o.Credentials.ClientSecret = "" },
		"tenant id is empty":     func(o *Options) { o.Credentials.TenantID = "" },
		"client id is empty":     func(o *Options) { o.Credentials.ClientID = "" },
		"white space":            func(o *Options) { o.Credentials.ClientSecret += "\n" },
		`"organizations"`:        func(o *Options) { o.Credentials.TenantID = "organizations" },
		"neither an id":          func(o *Options) { o.Credentials.TenantID = "a/b" },
		"negative":               func(o *Options) { o.MaxWait = -1 },
	} {
		o := ok
		change(&o)
		_, err := New(o)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
			continue
		}
		mustNotContain(t, err.Error(), testSecret)
	}
}
