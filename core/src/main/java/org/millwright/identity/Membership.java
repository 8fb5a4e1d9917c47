package org.millwright.identity;

/** That a person has a role in a project. */
public record Membership(String personId, String project, Role role) {}
