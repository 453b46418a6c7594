// Package serve answers the requests of one caller: it reads, finds, decodes,
// decides, records, runs, records and replies. Each of these steps is done once for
// a lot of requests that have arrived together, and what comes of them is what would
// come of them one at a time.
package serve
