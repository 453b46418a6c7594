#compdef nethelperctl
# Completion of nethelperctl in zsh: source <(nethelperctl completion zsh)

_nethelperctl() {
    local -a found open closed
    found=("${(@f)$(${words[1]} completion for -- "${(@)words[2,CURRENT]}" 2>/dev/null)}")
    open=(${(M)found:#*[=:]})
    closed=(${found:#*[=:]})
    compadd -S '' -a open
    compadd -a closed
    (( $#found )) || _files
}

compdef _nethelperctl nethelperctl
