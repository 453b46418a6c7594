package main

import (
	"nethelper/internal/review"
	"nethelper/policy"
)

// What of SARIF 2.1.0 (OASIS, sections 3.13 to 3.30) a check has to say.
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool    sarifTool     `json:"tool"`
		Results []sarifResult `json:"results"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name  string      `json:"name"`
		Rules []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID      string    `json:"id"`
		Summary sarifText `json:"shortDescription"`
	}
	sarifResult struct {
		RuleID    string          `json:"ruleId"`
		Level     string          `json:"level"`
		Message   sarifText       `json:"message"`
		Locations []sarifLocation `json:"locations"`
	}
	sarifText struct {
		Text string `json:"text"`
	}
	sarifLocation struct {
		Physical sarifPhysical `json:"physicalLocation"`
	}
	sarifPhysical struct {
		Artifact sarifArtifact `json:"artifactLocation"`
		Region   sarifRegion   `json:"region"`
	}
	sarifArtifact struct {
		URI string `json:"uri"`
	}
	sarifRegion struct {
		Line   int `json:"startLine"`
		Column int `json:"startColumn"`
	}
)

// faultRule is the rule that errors of a policy break.
const faultRule = "error"

func sarifOf(findings []review.Finding, faults policy.Errors) sarifLog {
	run := sarifRun{Results: []sarifResult{}}
	run.Tool.Driver.Name = "nethelperctl"
	rule := func(id, summary string) {
		run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, sarifRule{id, sarifText{summary}})
	}
	rule(faultRule, "the policy cannot be used")
	rule(review.UnusedSet, "a set that no statement uses")
	for _, c := range review.Checks {
		rule(c.Code, c.Summary)
	}
	result := func(id, level, text string, at policy.Position) {
		place := sarifLocation{sarifPhysical{sarifArtifact{at.File}, sarifRegion{max(at.Line, 1), max(at.Column, 1)}}}
		run.Results = append(run.Results, sarifResult{id, level, sarifText{text}, []sarifLocation{place}})
	}
	for _, f := range faults {
		result(faultRule, "error", f.Reason, f.At)
	}
	for _, f := range findings {
		result(f.Code, "warning", f.Message+"; "+f.Remedy, f.At)
	}
	return sarifLog{"https://json.schemastore.org/sarif-2.1.0.json", "2.1.0", []sarifRun{run}}
}
