package org.millwright.web.ui;

import java.util.List;

/**
 * What surrounds every page: title, main links, who looks at it.
 *
 * @param signedIn whether they signed in here, and so can sign out
 */
public record Frame(String title, String section, String who, boolean signedIn, String query) {
    private static final List<String[]> LINKS = List.of(
            new String[] {"/projects", "Projects"},
            new String[] {"/experiments", "Experiments"},
            new String[] {"/runs", "Runs"},
            new String[] {"/models", "Models"},
            new String[] {"/deployments", "Deployments"},
            new String[] {"/data", "Data"},
            new String[] {"/alerts", "Alerts"},
            new String[] {"/inbox", "Inbox"},
            new String[] {"/ledger", "Ledger"},
            new String[] {"/portfolio", "Portfolio"});

    /** One of the main links. */
    public record Link(String href, String text, boolean current) {}

    public List<Link> links() {
        return LINKS.stream()
                .map(link -> new Link(link[0], link[1], link[1].equals(section)))
                .toList();
    }
}
