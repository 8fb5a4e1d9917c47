package org.millwright.replica;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.millwright.identity.Actor;
import org.millwright.identity.Authenticator;
import org.millwright.identity.Credential;
import org.millwright.identity.Permission;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.serving.ScoringRight;

/** Those who may score, as the server told last: by hashes of their tokens. */
final class KnownCallers implements Authenticator, ScoringRight {
    private final Clock clock;
    private volatile Map<String, Credential> tokens = Map.of();
    private volatile Map<String, Credential> people = Map.of();

    KnownCallers(Clock clock) {
        this.clock = clock;
    }

    void know(List<Credential> callers) {
        var byToken = new HashMap<String, Credential>();
        var byPerson = new HashMap<String, Credential>();
        for (Credential caller : callers) {
            byToken.put(caller.sha256(), caller);
            byPerson.put(caller.user(), caller);
        }
        people = Map.copyOf(byPerson);
        tokens = Map.copyOf(byToken);
    }

    @Override
    public Actor byToken(String token) {
        Credential known = tokens.get(Json.sha256(token.getBytes(StandardCharsets.UTF_8)));
        if (known == null || known.expiresAt() != 0 && known.expiresAt() <= clock.millis()) {
            throw new Problem.Unauthenticated(
                    "The token is unknown here, expired or revoked, or nobody may score with it");
        }
        return new Actor(known.user(), known.name(), known.kind(), true, Set.of(), Optional.empty());
    }

    @Override
    public boolean isKnown(String token) {
        return true;
    }

    @Override
    public Actor byPassword(String name, String password) {
        if (password.startsWith("mw_")) {
            return byToken(password);
        }
        throw new Problem.Unauthenticated("A scorer knows tokens, no passwords");
    }

    /** Of who may do what else the server tells nothing: who may score may know what is scored. */
    @Override
    public boolean allows(Actor by, Permission permission, String project) {
        Credential known = people.get(by.id());
        return by.equals(Actor.LOCAL)
                || known != null
                        && (known.everywhere().contains(Permission.SCORE)
                                || known.projects().contains(project));
    }

    @Override
    public void require(Actor by, String project) {
        if (!allows(by, Permission.SCORE, project)) {
            throw new Problem.Denied(
                    "Permission denied: " + by.name() + " may not score in project " + project
                            + ": that takes the permission score.",
                    "Ask an administrator for a role that allows it: mw user grant " + by.name()
                            + " app-developer --project " + project);
        }
    }

    /** Refuses who may not see how this process is doing. */
    void requireOperator(Actor by) {
        Credential known = people.get(by.id());
        if (!by.equals(Actor.LOCAL) && (known == null || !known.everywhere().contains(Permission.OPERATE))) {
            throw new Problem.Denied(
                    "Permission denied: " + by.name()
                            + " may not operate the installation: that takes the permission operate.",
                    "Ask an administrator for a role that allows it: mw user grant " + by.name() + " operations");
        }
    }
}
