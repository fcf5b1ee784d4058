# Takes the runs that aren't about plain output out of a table of pg_dump runs.
package PlainRuns;

use strict;
use warnings;

use Test::More;

# An archive is read by pg_restore, so a run without a restore command is plain. --binary-upgrade is refused.
sub keep_plain
{
	my ($runs) = @_;
	my @left_out = sort grep {
		$runs->{$_}{restore_cmd} || grep { $_ eq '--binary-upgrade' } @{ $runs->{$_}{dump_cmd} }
	} keys %$runs;
	note('run left out: ', $_) foreach @left_out;
	delete @{$runs}{@left_out};
	return;
}

1;
