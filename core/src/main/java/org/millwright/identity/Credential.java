package org.millwright.identity;

import java.util.Set;

/**
 * A token as a process without the metadata may know it: enough to recognize it, not to use it.
 *
 * @param sha256 of the token, in hex
 * @param user id of its owner
 * @param name of its owner
 * @param kind of its owner
 * @param everywhere what the owner's roles in the whole installation allow, of what such a process is asked
 * @param projects where the owner may score by a role of the project
 * @param expiresAt milliseconds since 1970 UTC; 0 for never
 */
public record Credential(
        String sha256,
        String user,
        String name,
        Actor.Kind kind,
        Set<Permission> everywhere,
        Set<String> projects,
        long expiresAt) {
    public Credential {
        everywhere = Set.copyOf(everywhere);
        projects = Set.copyOf(projects);
    }
}
