package org.millwright.identity;

import static org.millwright.identity.Permission.*;

import java.util.List;
import java.util.Set;
import org.millwright.kernel.Problem;

/** Which permissions no role may hold together, and why: separation of duties would end with a role that has both. */
public enum Separation {
    ASK_AND_DECIDE(APPROVE, Set.of(REQUEST_PROJECT, REQUEST_RELEASE), "who asks does not decide"),
    MAKE_AND_DECIDE(APPROVE, Set.of(TRACK, RUN, REGISTER, MANAGE_DATA), "who makes a model does not approve it"),
    DECIDE_AND_DEPLOY(APPROVE, Set.of(DEPLOY, BREAK_GLASS, SERVE), "who decides does not carry it out, nor around it"),
    DECIDE_AND_RULE(APPROVE, Set.of(MANAGE_USERS, OPERATE), "who decides does not set the rules"),
    MAKE_AND_VALIDATE(
            VALIDATE,
            Set.of(TRACK, RUN, REGISTER, MANAGE_DATA, REQUEST_PROJECT, REQUEST_RELEASE, DEPLOY, BREAK_GLASS),
            "a validator neither makes nor releases what they look at"),
    RULE_AND_DEPLOY(
            MANAGE_USERS,
            Set.of(DEPLOY, BREAK_GLASS, REQUEST_RELEASE, VALIDATE),
            "who gives roles could give themselves the other half of every pair"),
    RULE_AND_WORK(
            MANAGE_POLICIES,
            Set.of(DEPLOY, BREAK_GLASS, REQUEST_RELEASE, REGISTER),
            "who works under a policy does not set it"),
    AUDIT_AND_WORK(
            AUDIT,
            Set.of(TRACK, RUN, REGISTER, REQUEST_PROJECT, REQUEST_RELEASE, APPROVE, VALIDATE, DEPLOY, BREAK_GLASS),
            "an auditor does not look at their own work");

    private final Permission one;
    private final Set<Permission> others;
    private final String why;

    Separation(Permission one, Set<Permission> others, String why) {
        this.one = one;
        this.others = others;
        this.why = why;
    }

    public String why() {
        return why;
    }

    /** Refuses a role that holds both sides of a pair, with every pair that it holds. */
    static void require(Role role) {
        List<String> wrong = java.util.Arrays.stream(values())
                .filter(rule -> role.allows(rule.one))
                .flatMap(rule -> rule.others.stream()
                        .filter(role::allows)
                        .sorted()
                        .map(other -> rule.one.text() + " with " + other.text() + " (" + rule.why + ")"))
                .toList();
        if (!wrong.isEmpty()) {
            throw new Problem.Invalid(
                    "Role " + role.text() + " would hold together what is kept apart: " + String.join("; ", wrong),
                    "Make two roles of it, for two people.");
        }
    }
}
