// Renders templates with consul-template's own engine, for comparison: JSON in, JSON out.
package main

import (
	"encoding/json"
	"os"
	"syscall"
	"time"

	dep "github.com/hashicorp/consul-template/dependency"
	"github.com/hashicorp/consul-template/template"
)

type task struct {
	Path      string
	Data      map[string]any
	Templates []string
	Seconds   float64
}

type figure struct {
	PerSecond float64 `json:"perSecond"`
	Output    string  `json:"output"`
}

func main() {
	var given task
	decoder := json.NewDecoder(os.Stdin)
	decoder.UseNumber()
	check(decoder.Decode(&given))
	query, err := dep.NewVaultReadQuery(given.Path)
	check(err)
	brain := template.NewBrain()
	brain.Remember(query, &dep.Secret{Data: given.Data})
	figures := make([]figure, 0, len(given.Templates))
	for _, text := range given.Templates {
		parsed, err := template.NewTemplate(&template.NewTemplateInput{Contents: text})
		check(err)
		figures = append(figures, measure(parsed, brain, given.Seconds))
	}
	check(json.NewEncoder(os.Stdout).Encode(figures))
}

// consul-template parses anew with every rendering; so does this.
func measure(parsed *template.Template, brain *template.Brain, seconds float64) figure {
	start := time.Now()
	used := cpuSeconds()
	count := 0
	output := ""
	for time.Since(start).Seconds() < seconds {
		result, err := parsed.Execute(&template.ExecuteInput{Brain: brain})
		check(err)
		output = string(result.Output)
		count++
	}
	return figure{PerSecond: float64(count) / (cpuSeconds() - used), Output: output}
}

// Of the whole process, its collector included.
func cpuSeconds() float64 {
	var usage syscall.Rusage
	check(syscall.Getrusage(syscall.RUSAGE_SELF, &usage))
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano()).Seconds()
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
