package main

const usage = `Usage:
    nethelperctl [FLAG]... OPERATION [ATTRIBUTE=VALUE]...
    nethelperctl [FLAG]... -              requests from standard input, one a line
    nethelperctl [FLAG]... -f FILE        requests from a file
    nethelperctl help [OPERATION]         what an operation takes and gives
    nethelperctl ops [OBJECT]             the operations
    nethelperctl hello                    whether the helper serves the caller, and how
    nethelperctl doctor                   what is wrong with the installation, and what mends it
    nethelperctl policy check|explain|who|list|diff|test|replay|fmt|import|report|suggest ...
                                          what a policy says; nethelperctl policy tells more
    nethelperctl encode OPERATION [ATTRIBUTE=VALUE]...
    nethelperctl encode -                 write requests as the helper reads them
    nethelperctl decode                   print messages in diagnostic notation
    nethelperctl completion bash|zsh      a script for the shell
    nethelperctl version

Flags:
    --json           print JSON: an object, or an array with an element a line
    --timeout TIME   wait for an answer no longer than this, such as 5s
    --keep-going     with - and -f: go on after a request that failed
    --trace          show each message in diagnostic notation on standard error
    --helper PATH    program of the helper (or $NETHELPER)
    --policy FILE    policy of a helper that gains no privilege (or $NETHELPER_POLICY)
    --audit FILE     audit file of such a helper, - for standard error (or $NETHELPER_AUDIT)
    --id N           with encode: id of the first request

A request is the name of an operation and its attributes, in any order. The same
words stand in a policy and in the audit file. In a file of requests, # starts a
comment. Without --keep-going the first request that fails is the last one that is
made; with it the requests are not held up by one another's answers.

An operation that changes something prints nothing, but with --json what it knows.
If things were already as asked, that is said on standard error.

The exit status is 0 if all is done, 1 if something failed, 2 if the command line
or a request is wrong, 3 if the policy denies, 4 if the helper could not serve.

Example:
    $ nethelperctl addr.add dev=lab0 address=10.42.7.1/24
    $ nethelperctl addr.list dev=lab0 --json
    $ nethelperctl encode addr.list dev=lab0 |
          nethelper --policy ./policy --audit - | nethelperctl decode
`
