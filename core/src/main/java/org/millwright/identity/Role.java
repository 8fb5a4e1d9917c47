package org.millwright.identity;

import static org.millwright.identity.Permission.*;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.millwright.kernel.Problem;

/** What a person is to the factory or to one project, and what that lets them do. */
public enum Role {
    DATA_SCIENTIST(
            READ, SCORE, TRACK, REQUEST_PROJECT, MANAGE_DATA, RUN, REGISTER, REQUEST_RELEASE, LABEL, MANAGE_CHANNELS),
    ML_ENGINEER(
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
            MANAGE_CHANNELS),
    OPERATIONS(READ, SCORE, ROLL_BACK, BREAK_GLASS, REVOKE, ACKNOWLEDGE, MANAGE_CHANNELS, OPERATE),
    APP_DEVELOPER(READ, SCORE, LABEL),
    /** A process that scores in the server's place. */
    SCORER(READ, SCORE, SERVE),
    APPROVER(READ, APPROVE, REVOKE),
    /** Looks at models that others made and own. */
    VALIDATOR(READ, SCORE, VALIDATE, CERTIFY, REVOKE),
    AUDITOR(READ, AUDIT),
    /** Runs the installation and its users; neither approves nor deploys. */
    ADMIN(READ, MANAGE_USERS, MANAGE_POLICIES, MANAGE_CHANNELS, OPERATE, AUDIT),
    /** The person at a loopback server without accounts: everything, but never approval of own requests. */
    LOCAL_OWNER(Permission.values());

    private final Set<Permission> permissions;

    Role(Permission... permissions) {
        this.permissions = EnumSet.copyOf(Arrays.asList(permissions));
    }

    public boolean allows(Permission permission) {
        return permissions.contains(permission);
    }

    /** The role as written in files: {@code data-scientist}. */
    public String text() {
        return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }

    static java.util.List<String> texts(Set<Role> roles) {
        return roles.stream().map(Role::text).sorted().toList();
    }

    public static Role of(String text) {
        for (Role role : values()) {
            if (role.text().equals(text)) {
                return role;
            }
        }
        throw new Problem.Invalid("Unknown role '" + text + "' (expected one of "
                + Arrays.stream(values())
                        .filter(role -> role != LOCAL_OWNER)
                        .map(Role::text)
                        .collect(Collectors.joining(", "))
                + ")");
    }
}
