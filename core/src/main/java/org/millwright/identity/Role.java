package org.millwright.identity;

import static org.millwright.identity.Permission.*;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.millwright.kernel.Problem;

/**
 * What a person is to the factory or to one project, and what that lets them do: built in, or made by an administrator of
 * the same permissions. A role is its name; {@link Roles} knows what those of the installation allow.
 */
public final class Role implements Comparable<Role> {
    public static final Role DATA_SCIENTIST = builtIn(
            "data-scientist",
            READ,
            SCORE,
            TRACK,
            REQUEST_PROJECT,
            MANAGE_DATA,
            RUN,
            REGISTER,
            REQUEST_RELEASE,
            CERTIFY,
            LABEL,
            MANAGE_CHANNELS);
    public static final Role ML_ENGINEER = builtIn(
            "ml-engineer",
            READ,
            SCORE,
            TRACK,
            REQUEST_PROJECT,
            MANAGE_DATA,
            RUN,
            REGISTER,
            REQUEST_RELEASE,
            DEPLOY,
            ROLL_BACK,
            BREAK_GLASS,
            CERTIFY,
            REVOKE,
            LABEL,
            ACKNOWLEDGE,
            MANAGE_CHANNELS);
    public static final Role OPERATIONS =
            builtIn("operations", READ, SCORE, ROLL_BACK, BREAK_GLASS, REVOKE, ACKNOWLEDGE, MANAGE_CHANNELS, OPERATE);
    public static final Role APP_DEVELOPER = builtIn("app-developer", READ, SCORE, LABEL);
    /** A process that scores in the server's place. */
    public static final Role SCORER = builtIn("scorer", READ, SCORE, SERVE);

    public static final Role APPROVER = builtIn("approver", READ, APPROVE, REVOKE, MANAGE_POLICIES);
    /** Looks at models that others made and own. */
    public static final Role VALIDATOR = builtIn("validator", READ, SCORE, VALIDATE, CERTIFY, REVOKE);

    public static final Role AUDITOR = builtIn("auditor", READ, AUDIT);
    /** Runs the installation and its users; neither approves nor deploys. */
    public static final Role ADMIN =
            builtIn("admin", READ, MANAGE_USERS, MANAGE_POLICIES, MANAGE_CHANNELS, OPERATE, AUDIT);
    /** The person at a loopback server without accounts: everything, but never approval of own requests. */
    public static final Role LOCAL_OWNER = builtIn("local-owner", Permission.values());

    /** Every role that Millwright comes with; the last one cannot be given. */
    public static final List<Role> BUILT_IN = List.of(
            DATA_SCIENTIST,
            ML_ENGINEER,
            OPERATIONS,
            APP_DEVELOPER,
            SCORER,
            APPROVER,
            VALIDATOR,
            AUDITOR,
            ADMIN,
            LOCAL_OWNER);

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{1,30}");

    private final String text;
    private final Set<Permission> permissions;

    private Role(String text, Set<Permission> permissions) {
        this.text = text;
        this.permissions = permissions.isEmpty() ? EnumSet.noneOf(Permission.class) : EnumSet.copyOf(permissions);
    }

    private static Role builtIn(String text, Permission... permissions) {
        return new Role(text, EnumSet.copyOf(Arrays.asList(permissions)));
    }

    /** A role of the installation. */
    static Role custom(String name, Set<Permission> permissions) {
        if (!isName(name)) {
            throw new Problem.Invalid("Role name '" + name.substring(0, Math.min(40, name.length()))
                    + "' (expected: 2-31" + " of a-z 0-9 - that start with a letter)");
        }
        return new Role(name, permissions);
    }

    static boolean isName(String text) {
        return NAME.matcher(text).matches();
    }

    /** A role by its name alone, for what only tells of roles: one that is not built in allows nothing. */
    public static Role named(String text) {
        return find(text).orElseGet(() -> custom(text, Set.of()));
    }

    public boolean allows(Permission permission) {
        return permissions.contains(permission);
    }

    public Set<Permission> permissions() {
        return Set.copyOf(permissions);
    }

    /** The role as written in files: {@code data-scientist}. */
    public String text() {
        return text;
    }

    /** A built-in role as tables keep it: {@code DATA_SCIENTIST}. */
    public String name() {
        return text.toUpperCase(Locale.ROOT).replace('-', '_');
    }

    /** The built-in role of a {@link #name()}. */
    public static Role valueOf(String name) {
        return of(name.toLowerCase(Locale.ROOT).replace('_', '-'));
    }

    public static List<String> texts(Set<Role> roles) {
        return roles.stream().map(Role::text).sorted().toList();
    }

    static Optional<Role> find(String text) {
        return BUILT_IN.stream().filter(role -> role.text.equals(text)).findFirst();
    }

    /** The built-in role of a text. */
    public static Role of(String text) {
        return find(text).orElseThrow(() -> unknown(text, List.of()));
    }

    static Problem.Invalid unknown(String text, List<String> further) {
        String known = BUILT_IN.stream()
                .filter(role -> !role.equals(LOCAL_OWNER))
                .map(Role::text)
                .collect(Collectors.joining(", "));
        return new Problem.Invalid("Unknown role '" + text + "' (expected one of " + known
                + (further.isEmpty() ? "" : ", " + String.join(", ", further)) + ")");
    }

    @Override
    public int compareTo(Role other) {
        return text.compareTo(other.text);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Role role && role.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
