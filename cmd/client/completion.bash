# Completion of nethelperctl in bash: source <(nethelperctl completion bash)

_nethelperctl() {
    local line=${COMP_LINE:0:COMP_POINT} words found word
    read -ra words <<<"$line"
    [[ $line == *[[:space:]] ]] && words+=("")
    word=${words[-1]}
    mapfile -t found < <("${words[0]}" completion for -- "${words[@]:1}" 2>/dev/null)
    # bash replaces what stands behind the last = or : only
    case $word in
    *[=:]*) COMPREPLY=("${found[@]#"${word%"${word##*[=:]}"}"}") ;;
    *) COMPREPLY=("${found[@]}") ;;
    esac
    case ${found[*]} in
    *[=:]) compopt -o nospace 2>/dev/null ;;
    esac
    return 0
}

complete -o default -F _nethelperctl nethelperctl
