package org.millwright.web.ui;

import java.util.EnumSet;
import java.util.Set;
import org.millwright.identity.Permission;
import org.millwright.identity.Role;

/**
 * What somebody comes for, by what their roles allow: the first page shows it. Who has several roles sees each, in this
 * order.
 */
public enum Desk {
    DECISIONS("Decisions"),
    PRODUCTION("Production"),
    WORK("Your work"),
    VALIDATION("Validation"),
    ENDPOINTS("Endpoints"),
    PEOPLE("People"),
    INSTALLATION("Installation"),
    RECORDS("Records"),
    PROJECTS("Projects");

    private final String title;

    Desk(String title) {
        this.title = title;
    }

    public String title() {
        return title;
    }

    /** The word that addresses name it by. */
    public String id() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }

    /** Those that are about the whole installation, which a role in a project does not open. */
    private static final Set<Desk> WHOLE = EnumSet.of(PEOPLE, INSTALLATION, RECORDS);

    /**
     * What somebody sees; who has nothing to do reads about projects.
     *
     * @param everywhere roles in the whole installation
     * @param all those and the roles in projects
     */
    static EnumSet<Desk> of(Set<Role> everywhere, Set<Role> all) {
        var desks = EnumSet.noneOf(Desk.class);
        all.forEach(role -> desks.addAll(of(role)));
        desks.removeAll(WHOLE);
        everywhere.forEach(role -> desks.addAll(of(role)));
        return desks.isEmpty() ? EnumSet.of(PROJECTS) : desks;
    }

    private static EnumSet<Desk> of(Role role) {
        var desks = EnumSet.noneOf(Desk.class);
        add(desks, DECISIONS, role.allows(Permission.APPROVE));
        add(desks, PRODUCTION, role.allows(Permission.DEPLOY));
        boolean all = role.equals(Role.LOCAL_OWNER);
        add(desks, WORK, makes(role) && (all || !role.allows(Permission.DEPLOY)));
        add(desks, VALIDATION, role.allows(Permission.VALIDATE));
        add(desks, PEOPLE, role.allows(Permission.MANAGE_USERS));
        add(desks, INSTALLATION, role.allows(Permission.OPERATE));
        boolean audits = role.allows(Permission.AUDIT) && role.allows(Permission.READ);
        add(desks, RECORDS, audits && (all || !role.allows(Permission.MANAGE_USERS)));
        add(desks, ENDPOINTS, role.allows(Permission.SCORE) && (all || desks.isEmpty()));
        add(desks, PROJECTS, all);
        return desks;
    }

    private static boolean makes(Role role) {
        return role.allows(Permission.TRACK)
                || role.allows(Permission.RUN)
                || role.allows(Permission.REGISTER)
                || role.allows(Permission.REQUEST_RELEASE);
    }

    private static void add(EnumSet<Desk> desks, Desk desk, boolean belongs) {
        if (belongs) {
            desks.add(desk);
        }
    }
}
