"""TotalSegmentator 2.18 as its command runs it, with the same arguments.

On a CPU it fails for tasks whose crop is another task (teeth): convert_device_to_string answers None for "cpu". Here it
answers "cpu".
"""

from totalsegmentator import python_api
from totalsegmentator.bin.TotalSegmentator import main

of_torch = python_api.convert_device_to_string
python_api.convert_device_to_string = lambda device: device if isinstance(device, str) else of_torch(device)

if __name__ == "__main__":
    main()
