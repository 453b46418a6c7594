// Package serve answers the requests of one caller: it reads, finds, decodes,
// decides, records, runs and replies, one request at a time.
package serve
