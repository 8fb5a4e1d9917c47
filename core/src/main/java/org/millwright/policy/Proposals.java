package org.millwright.policy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.millwright.identity.Actor;
import org.millwright.identity.Permission;
import org.millwright.identity.Users;
import org.millwright.kernel.Database;
import org.millwright.kernel.Problem;
import org.millwright.ledger.Entry;
import org.millwright.ledger.Ledger;

/** Versions of policies that were published and wait for another person to put them in force, or to refuse them. */
public final class Proposals {
    private final Database database;
    private final Ledger ledger;
    private final Users users;
    private final Policies policies;

    public Proposals(Database database, Ledger ledger, Users users, Policies policies) {
        this.database = database;
        this.ledger = ledger;
        this.users = users;
        this.policies = policies;
    }

    /** The newest version of each policy that nobody decided about, as the ledger tells. */
    public List<PolicyVersion> waiting() {
        return published().entrySet().stream()
                .flatMap(each -> version(each.getKey(), each.getValue()).stream())
                .toList();
    }

    /** Digests by name, in the order in which they were published. */
    private Map<String, String> published() {
        var waiting = new LinkedHashMap<String, String>();
        for (Entry entry : ledger.about(Policy.POLICIES)) {
            String name = entry.subject().substring(Policy.ref("").length());
            String digest = entry.details().path("digest").asText();
            switch (entry.action()) {
                case "policy.published" -> {
                    waiting.remove(name);
                    waiting.put(name, digest);
                }
                case "policy.activated", "policy.refused" -> waiting.remove(name, digest);
                default -> {}
            }
        }
        return waiting;
    }

    private Optional<PolicyVersion> version(String name, String digest) {
        return policies.versions(name).stream()
                .filter(version -> version.digest().equals(digest))
                .findFirst();
    }

    /** The version of a policy that waits. */
    public PolicyVersion get(String name) {
        return Optional.ofNullable(published().get(name))
                .flatMap(digest -> version(name, digest))
                .orElseThrow(() -> new Problem.NotFound(
                        "No version of policy " + name + " waits for a decision", "mw policy list"));
    }

    /** Whether somebody may decide about it: with the right to, and another person than who published it. */
    public boolean awaits(Actor actor, PolicyVersion version) {
        return actor.isPerson()
                && users.access().allows(actor, Permission.MANAGE_POLICIES, Optional.empty())
                && !policies.isOwn(actor, version.publishedBy());
    }

    /** Names of those who may decide about it. */
    public List<String> deciders(PolicyVersion version) {
        return users.list().stream()
                .filter(user -> awaits(
                        new Actor(user.id(), user.name(), user.kind(), true, user.roles(), Optional.empty()), version))
                .map(user -> user.name())
                .sorted()
                .toList();
    }

    /** Says that a published version is not to be put in force: it waits no more. */
    public PolicyVersion refuse(Actor by, String name, String reason) {
        policies.requireMay(by, "refuses");
        Policies.requireReason(reason, "mw approve policy:" + name + " --refuse --reason …");
        return database.write(() -> {
            PolicyVersion version = get(name);
            if (!awaits(by, version)) {
                throw new Problem.Denied(
                        by.name() + " published this version of " + name + " and cannot decide on it",
                        "Ask another person with the role admin or approver.");
            }
            ledger.append(
                    by,
                    "policy.refused",
                    Policies.subjects(name),
                    Policies.details(version.digest()).put("reason", reason));
            return version;
        });
    }
}
