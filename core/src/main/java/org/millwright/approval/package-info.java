/**
 * What people decide: requests and who may decide on them, approvals with their deadlines and conditions, releases and
 * protected names that need them, findings that stop them, deputies, emergencies, and the inbox that shows what waits.
 *
 * <p>What rules decide is in {@code gate}, which reads what people decided here and is never called from here.
 */
@NullMarked
package org.millwright.approval;

import org.jspecify.annotations.NullMarked;
