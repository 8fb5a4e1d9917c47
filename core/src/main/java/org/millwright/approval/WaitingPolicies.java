package org.millwright.approval;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.millwright.identity.Actor;
import org.millwright.kernel.Json;
import org.millwright.policy.Policies;
import org.millwright.policy.Policy;
import org.millwright.policy.PolicyVersion;
import org.millwright.policy.Proposals;

/** Versions of policies that wait in the inbox to be put in force by another person than who published them. */
public final class WaitingPolicies implements Inbox.Kind {
    private final Policies policies;
    private final Proposals proposals;

    public WaitingPolicies(Policies policies, Proposals proposals) {
        this.policies = policies;
        this.proposals = proposals;
    }

    @Override
    public String name() {
        return "policy";
    }

    @Override
    public List<Inbox.Item> of(Actor actor) {
        List<PolicyVersion> waiting = proposals.waiting().stream()
                .filter(version -> proposals.awaits(actor, version))
                .toList();
        if (waiting.isEmpty()) {
            return List.of();
        }
        List<Policy> inForce = policies.inForce();
        return waiting.stream()
                .map(version -> item(
                        actor,
                        version,
                        inForce.stream()
                                .filter(policy -> policy.name().equals(version.name()))
                                .findFirst()))
                .toList();
    }

    private Inbox.Item item(Actor actor, PolicyVersion version, Optional<Policy> before) {
        Policy policy = Policy.parse(version.text());
        ObjectNode shown = Json.object()
                .put("description", policy.description())
                .put("mode", policy.mode().text())
                .put("version", version.digest());
        shown.put("in place of", before.map(Policy::digest).orElse("nothing: no version is in force"));
        before.ifPresent(old -> shown.put("different requirements", String.join(", ", changed(old, policy))));
        return Inbox.simple(
                this,
                Policy.ref(version.name()),
                "",
                "Policy " + version.name() + ": " + policy.description(),
                version.publishedBy(),
                version.publishedAt(),
                Optional.empty(),
                shown.put(Policy.FILE, version.text()),
                actor,
                version.digest(),
                List.of());
    }

    /** Requirements that one of the two has not, or otherwise, each with what becomes of it. */
    private static List<String> changed(Policy old, Policy now) {
        var changed = new java.util.ArrayList<String>();
        now.requirements().forEach(each -> {
            var was = old.requirements().stream()
                    .filter(other -> other.name().equals(each.name()))
                    .findFirst();
            if (was.isEmpty()) {
                changed.add(each.name() + " is new");
            } else if (!was.get().check().equals(each.check())) {
                changed.add(each.name() + " was " + was.get().check());
            }
        });
        old.requirements().stream()
                .filter(each -> now.requirements().stream()
                        .noneMatch(other -> other.name().equals(each.name())))
                .forEach(each -> changed.add(each.name() + " is gone"));
        return changed.isEmpty() ? List.of("none") : changed;
    }

    @Override
    public Set<Reply.Answer> answers() {
        return EnumSet.of(Reply.Answer.APPROVE, Reply.Answer.REFUSE);
    }

    @Override
    public Approvals.Decided decide(Actor by, String name, Reply.Answer answer, String reason) {
        if (answer == Reply.Answer.REFUSE) {
            return new Approvals.Decided(
                    Policy.ref(proposals.refuse(by, name, reason).name()), "REFUSED", 0);
        }
        policies.activate(by, name, proposals.get(name).digest(), reason);
        return new Approvals.Decided(Policy.ref(name), "IN_FORCE", 0);
    }
}
