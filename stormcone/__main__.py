"""`python -m stormcone`: the same as the command `stormcone`. Holds nothing else."""

from stormcone.cli import main

if __name__ == "__main__":
    main()
