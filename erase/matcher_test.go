package erase

import (
	"fmt"
	"testing"
)

func TestMatcher(t *testing.T) {
	list := forgotten(7, "Anna.Ek@contoso.com", "3f1c9a52-0b7e-4a55-9a39-0d6c8f1f2b11")
	m := list.Matcher(list.People...)
	const oneDrive = "https://contoso-my.sharepoint.com/personal/"
	for round := range 2 { // the second from memory
		for value, want := range map[string]bool{
			"": false, "anna.ek@contoso.com": true, "ANNA.EK@CONTOSO.COM": true, "anna.ek@contoso.co": false,
			"3F1C9A52-0B7E-4A55-9A39-0D6C8F1F2B11": true, oneDrive + "anna_ek_contoso_com": true,
			oneDrive + "Anna_Ek_contoso_com/Documents/x.docx": true, oneDrive + "anna_ek_contoso_com2": true,
			oneDrive + "anna_ek_contoso_community": false, "https://contoso.sharepoint.com/sites/anna_ek": false,
			"https://contoso-my.sharepoint.com/Personal/anna_ek_contoso_com?web=1": true,
		} {
			if got := m.Matches(value); got != want {
				t.Errorf("round %d: %q matches: %t", round, value, got)
			}
		}
	}
	for text, want := range map[string]bool{
		"row 7: user=anna.ek@contoso.com, again": true, "(Anna.Ek@contoso.com).": true, "": false,
		"an error of anna.ek@contoso.com.example": false, "site " + oneDrive + "anna_ek_contoso_com: gone": true,
	} {
		if got := m.Mentions(text); got != want {
			t.Errorf("%q mentions: %t", text, got)
		}
	}
	if !m.HasKey(7) || m.HasKey(0) || m.HasKey(8) {
		t.Error("keys")
	}
	m.spare([]string{"anna.ek@contoso.com"})
	if m.Matches("anna.ek@contoso.com") || m.Matches(oneDrive+"anna_ek_contoso_com") {
		t.Error("a name that is somebody else's matches")
	}
}

// The memory of what names nobody is bounded, and forgetting it changes no answer.
func TestMatcherForgetsStrangers(t *testing.T) {
	list := forgotten(0, "anna@x.example")
	m := list.Matcher(list.People...)
	m.most = 100
	for i := range 250 {
		if m.Matches(fmt.Sprintf("user%d@x.example", i)) {
			t.Fatal(i)
		}
	}
	if len(m.strangers) > 100 || !m.Matches("anna@x.example") {
		t.Errorf("%d strangers", len(m.strangers))
	}
}

// BenchmarkMatcher looks at what a night of 100,000 users brings: the sign-in name of each in 48 reports.
// "every cell" is what it costs to hash each of them.
func BenchmarkMatcher(b *testing.B) {
	const users, reports = 100_000, 48
	list := forgotten(0, "anna@x.example")
	names := make([]string, users)
	for i := range names {
		names[i] = fmt.Sprintf("given.family%d@contoso.example", i)
	}
	b.Run("once per value", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			m := list.Matcher(list.People...)
			for range reports {
				for _, name := range names {
					if m.Matches(name) {
						b.Fatal(name)
					}
				}
			}
		}
	})
	b.Run("every cell", func(b *testing.B) {
		b.ReportAllocs()
		known := map[string]bool{list.People[0].Names[0]: true}
		for b.Loop() {
			for range reports {
				for _, name := range names {
					if known[list.Hash(name)] {
						b.Fatal(name)
					}
				}
			}
		}
	})
}
