package org.millwright.web;

import org.millwright.identity.Actor;
import org.millwright.identity.Authenticator;

/** Refuses at the edge who may use a route nowhere, before anything of the request is read. */
final class Doors {
    private static final String AJAX = "/ajax-api/";

    private final Authenticator users;
    private final String prefix;
    private final RouteRules rules = RouteRules.read();

    Doors(Authenticator users, String prefix) {
        this.users = users;
        this.prefix = prefix;
    }

    void require(Actor actor, String method, String path) {
        rules.of(method, usual(path))
                .filter(rule -> !rule.inRoom() && !rule.any().isEmpty())
                .ifPresent(rule -> users.requireSomewhere(actor, rule.any()));
    }

    /** Browsers' paths of MLflow's API ask what those of programs do. */
    private String usual(String path) {
        String inner = path.startsWith(prefix + AJAX) ? path.substring(prefix.length()) : path;
        return inner.startsWith(AJAX) ? "/api/" + inner.substring(AJAX.length()) : inner;
    }
}
